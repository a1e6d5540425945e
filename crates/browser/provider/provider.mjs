// A provider of OpenID Connect for the browser tests: `node provider.mjs MODULE REDIRECT_URI`.
// It prints its issuer, takes any name with any password, and ends with its input.
import { createServer } from 'node:http';

const [module, redirect] = process.argv.slice(2);
const { default: Provider } = await import(module);

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: 'dossier', client_secret: 'a secret: between+us', redirect_uris: [redirect] }],
  claims: { openid: ['sub'], profile: ['preferred_username'] },
  cookies: { keys: ['tests only'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id }) }),
});
server.on('request', provider.callback());
console.log(issuer);
process.stdin.on('end', () => process.exit()).resume();
