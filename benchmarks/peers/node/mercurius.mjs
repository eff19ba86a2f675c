// Mercurius on Fastify with graphql-jit, over undici's pool. UPSTREAM and PORT.

import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { Pool } from 'undici';
import { loaders, resolvers } from './resolvers.mjs';

const pool = new Pool(process.env.UPSTREAM, { connections: 100, pipelining: 1 });

async function get(path) {
  const { statusCode, body } = await pool.request({ path, method: 'GET', headers: { accept: 'application/json' } });
  const answer = await body.json();
  if (statusCode !== 200) throw new Error(`a vendor answered ${statusCode}`);
  return answer;
}

const app = Fastify({ logger: false });
app.register(mercurius, {
  schema: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  context: () => loaders(get),
  jit: 1,
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
