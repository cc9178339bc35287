// Sizewise on Azure: a function app, the account of its images, and the account of the Functions host. `./noxw -s deploy`
// deploys it into a resource group. The tag `sizewise` names the purpose of each resource.

@description('The region of all resources. It must have the Flex Consumption plan.')
param location string = resourceGroup().location

@description('Settings of Sizewise by name, such as { WIDTHS: \'250,600,1200\' }; docs/settings.md lists them.')
param settings object = {}

@description('The spending limit: the most instances that run at once.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Memory of an instance in MB. Each render holds one decoded original.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('The name of the secret with SIGNING_KEYS: see docs/signing.md. Empty: sizes are not signed.')
param signingSecretName string = ''

@description('The new value of that secret. Empty: the secret exists, and is not changed.')
@secure()
param signingKeys string = ''

@description('The version of Sizewise that is uploaded to the app.')
param version string = ''

var suffix = uniqueString(resourceGroup().id)
var originalsName = 'originals'
var variantsName = 'variants'
var packageName = 'package'

// Microsoft's built-in roles.
var blobDataReader = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
)
var blobDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
)
var blobDataOwner = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
)
var keyVaultSecretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b874-0445c86b69e6'
)

// As a plain setting, the keys could be read by anyone who can read the app's settings or a deployment's parameters.
var plainSettings = contains(settings, 'SIGNING_KEYS')
  ? fail('SIGNING_KEYS is a secret: do not pass it as a setting, set it as an environment variable')
  : settings

resource images 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: 'images${suffix}'
  location: location
  tags: {
    sizewise: 'images'
  }
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    // For the variants only. Each container has its own access.
    allowBlobPublicAccess: true
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource imageBlobs 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: images
  name: 'default'
  properties: {
    cors: {
      corsRules: [
        {
          allowedOrigins: ['*']
          allowedMethods: ['GET', 'HEAD']
          allowedHeaders: ['*']
          exposedHeaders: ['*']
          maxAgeInSeconds: 86400
        }
      ]
    }
  }
}

resource originals 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = {
  parent: imageBlobs
  name: originalsName
  properties: {
    publicAccess: 'None'
  }
}

resource variants 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = {
  parent: imageBlobs
  name: variantsName
  properties: {
    // Anybody who knows a blob's name can read it. Nobody can list blobs.
    publicAccess: 'Blob'
  }
}

resource host 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: 'host${suffix}'
  location: location
  tags: {
    sizewise: 'host'
  }
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource hostBlobs 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: host
  name: 'default'
}

resource package 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = {
  parent: hostBlobs
  name: packageName
  properties: {
    publicAccess: 'None'
  }
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: 'sizewise-logs-${suffix}'
  location: location
  tags: {
    sizewise: 'log'
  }
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'sizewise-${suffix}'
  location: location
  tags: {
    sizewise: 'insights'
  }
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
  }
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'sizewise-${suffix}'
  location: location
  tags: {
    sizewise: 'plan'
  }
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: 'sizewise-${suffix}'
  location: location
  kind: 'functionapp,linux'
  tags: {
    sizewise: 'app'
  }
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: {
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
        triggers: {
          http: {
            // A hit only waits for storage. Each request uses up to two of the 32 connections that are kept per host.
            perInstanceConcurrency: 4
          }
        }
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${host.properties.primaryEndpoints.blob}${packageName}'
          authentication: {
            type: 'SystemAssignedIdentity'
          }
        }
      }
    }
  }
}

// Soft delete is always on. Purge protection is off: with it, the name of a deleted vault could not be freed, and the group
// could not be deployed again for weeks. Lost keys can be replaced.
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = if (!empty(signingSecretName)) {
  name: 'keys${suffix}'
  location: location
  tags: {
    sizewise: 'keys'
  }
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
  }
}

resource newKeys 'Microsoft.KeyVault/vaults/secrets@2026-02-01' = if (!empty(signingSecretName) && !empty(signingKeys)) {
  parent: vault
  name: signingSecretName
  properties: {
    value: signingKeys
  }
}

resource signingSecret 'Microsoft.KeyVault/vaults/secrets@2026-02-01' existing = {
  parent: vault
  name: empty(signingSecretName) ? 'none' : signingSecretName
}

// The reference names the newest version of the secret. So new keys change the setting, and the app restarts with them.
// Without new keys the setting stays the same.
var signingSettings = empty(signingSecretName)
  ? {}
  : {
      SIGNING_KEYS: '@Microsoft.KeyVault(SecretUri=${signingSecret.properties.secretUriWithVersion})'
    }

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(plainSettings, signingSettings, empty(version) ? {} : { SIZEWISE_VERSION: version }, {
    BLOB_ENDPOINT: images.properties.primaryEndpoints.blob
    BUCKET: variantsName
    ORIGINALS_BUCKET: originalsName
    AZURE_TOKEN_CREDENTIALS: 'prod'
    AzureWebJobsStorage__accountName: host.name
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsDisableHomepage: 'true'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  })
  dependsOn: [readsOriginals, writesVariants, keepsItsOwn, readsSigningKeys, newKeys]
}

resource readsOriginals 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(originals.id, app.id, blobDataReader)
  scope: originals
  properties: {
    roleDefinitionId: blobDataReader
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource writesVariants 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(variants.id, app.id, blobDataContributor)
  scope: variants
  properties: {
    roleDefinitionId: blobDataContributor
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource readsSigningKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(signingSecretName)) {
  name: guid(signingSecret.id, app.id, keyVaultSecretsUser)
  scope: signingSecret
  properties: {
    roleDefinitionId: keyVaultSecretsUser
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
  dependsOn: [newKeys]
}

// For the Functions host's locks, keys and package, in an account without images. Microsoft requires Owner.
resource keepsItsOwn 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(host.id, app.id, blobDataOwner)
  scope: host
  properties: {
    roleDefinitionId: blobDataOwner
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// The person who deploys can upload originals and delete variants. The role Owner on the group does not include data.
resource deployerWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(images.id, deployer().objectId, blobDataContributor)
  scope: images
  properties: {
    roleDefinitionId: blobDataContributor
    principalId: deployer().objectId
  }
}

output appName string = app.name
output appUrl string = 'https://${app.properties.defaultHostName}'
output imagesAccount string = images.name
