"""AWS: Lambda behind API Gateway, an S3 website that redirects on a miss."""
