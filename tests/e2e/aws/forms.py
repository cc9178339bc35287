"""The forms of the stack that serverless.yml can make, each with its parameters."""

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

WEBSITE = {"https": "false"}

DOMAIN = {"domain": "img.example.com", "certificate": CERTIFICATE}

FORMS: dict[str, dict[str, str]] = {
    "website": WEBSITE,
    "https": {},
    "domain": {**DOMAIN, "version": "1.2.3"},
    "everything": {
        **WEBSITE,
        "bucket": "pictures.example.com",
        "originalsBucket": "originals-apart",
        "expireVariants": "30",
        "architecture": "arm64",
        "memory": "3008",
        "concurrency": "0",
        "logRetention": "365",
        "publicUrl": "https://pictures.example.com",
        "widths": "250,600,1200",
        "signingKeys": "/sizewise/signing-keys:2",
    },
}
