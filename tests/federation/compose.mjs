// Composes the subgraph with another one, by Apollo's composition and by The Guild's: `node compose.mjs SDL`.

import { readFileSync } from 'node:fs'

import { composeServices } from '@apollo/composition'
import { composeServices as composeByGuild } from '@theguild/federation-composition'
import { parse } from 'graphql'

import { sdl } from './other.mjs'

const services = [
  { name: 'tributary', url: 'http://127.0.0.1/tributary', typeDefs: parse(readFileSync(process.argv[2], 'utf8')) },
  { name: 'notes', url: 'http://127.0.0.1/notes', typeDefs: parse(sdl) },
]
const apollo = composeServices(services)
const guild = composeByGuild(services)
console.log(
  JSON.stringify({
    apollo: { errors: (apollo.errors ?? []).map(String), supergraph: apollo.supergraphSdl ?? null },
    guild: { errors: (guild.errors ?? []).map(String), supergraph: guild.supergraphSdl ?? null },
  }),
)
