using 'main.bicep'

// tools/deployment/azure.py sets these variables from a deployment's file.

// Settings of Sizewise, as a JSON object of strings.
param settings = json(readEnvironmentVariable('SIZEWISE_SETTINGS', '{}'))

param maximumInstanceCount = json(readEnvironmentVariable('SIZEWISE_MAX_INSTANCES'))
param instanceMemoryMB = json(readEnvironmentVariable('SIZEWISE_MEMORY'))
param version = readEnvironmentVariable('SIZEWISE_VERSION', '')

param signingSecretName = readEnvironmentVariable('SIZEWISE_SIGNING_SECRET', '')
param signingKeys = readEnvironmentVariable('SIGNING_KEYS', '')
