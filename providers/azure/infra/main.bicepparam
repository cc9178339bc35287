using 'main.bicep'

// tools/deployment/azure.py sets these variables from a deployment's file. Without them this is what a deployment has.

// Settings of Sizewise as a JSON object of texts.
param settings = json(readEnvironmentVariable('SIZEWISE_SETTINGS', '{}'))

param maximumInstanceCount = json(readEnvironmentVariable('SIZEWISE_MAX_INSTANCES', '40'))
param instanceMemoryMB = json(readEnvironmentVariable('SIZEWISE_MEMORY', '2048'))
param version = readEnvironmentVariable('SIZEWISE_VERSION', '')

param signingSecretName = readEnvironmentVariable('SIZEWISE_SIGNING_SECRET', '')
param signingKeys = readEnvironmentVariable('SIGNING_KEYS', '')
