// graphql-eslint's recommended rules for schemas. Types that are values, and not objects of their own, have no id.

import graphql from '@graphql-eslint/eslint-plugin'

const recommended = graphql.configs['flat/schema-recommended'].rules
const values = JSON.parse(process.env.VALUES ?? '[]')

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: process.env.SCHEMA } },
    },
    rules: {
      ...recommended,
      '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: values } }],
    },
  },
]
