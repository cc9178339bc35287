using 'main.bicep'

// Any setting of Sizewise, such as WIDTHS: '250,600,1200' or PUBLIC_URL: 'https://images.example.com'.
param settings = {}

param maximumInstanceCount = 40
