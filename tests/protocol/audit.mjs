// Runs the audits of graphql-http against the server at the address given, and prints what came of each as JSON.
import { auditServer } from 'graphql-http'

const results = await auditServer({ url: process.argv[2] })
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))))
