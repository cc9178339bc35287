"""AWS: Lambda behind API Gateway, which CloudFront or an S3 website uses on a miss."""
