using 'main.bicep'

// Any setting of Sizewise, such as WIDTHS: '250,600,1200' or PUBLIC_URL: 'https://images.example.com'.
param settings = {}

param maximumInstanceCount = 40

// From the environment of whoever deploys, so that no file has a key. A deployment without it takes the signing away.
param signingKeys = readEnvironmentVariable('SIGNING_KEYS', '')
