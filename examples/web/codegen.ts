import type { CodegenConfig } from '@graphql-codegen/cli'

// The graph's own scalars are text on the wire: amounts are never numbers, so that none is ever rounded.
const config: CodegenConfig = {
  schema: '../../schema/schema.graphql',
  documents: 'src/**/*.{ts,tsx}',
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        scalars: { BigInt: 'string', DateTime: 'string', Decimal: 'string', JSON: 'unknown' },
        strictScalars: true,
        useTypeImports: true,
      },
    },
  },
}

export default config
