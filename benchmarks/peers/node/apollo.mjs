// Apollo Server with its RESTDataSource, over a keep-alive agent. UPSTREAM and PORT.

import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { RESTDataSource } from '@apollo/datasource-rest';
import fetch from 'node-fetch';
import { loaders, resolvers } from './resolvers.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 100 });
const keptAlive = { fetch: (url, init) => fetch(url, { ...init, agent }) };

class Vendors extends RESTDataSource {
  baseURL = process.env.UPSTREAM;
  read = (path) => this.get(path);
}

const typeDefs = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
const server = new ApolloServer({ typeDefs, resolvers });
await startStandaloneServer(server, {
  listen: { port: Number(process.env.PORT), host: '127.0.0.1' },
  context: async () => loaders(new Vendors({ cache: server.cache, ...keptAlive }).read),
});
