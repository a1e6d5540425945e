// A mail server for the tests of letters: `node server.mjs MODULE KIND USER PASSWORD CERTIFICATE KEY`, KIND being smtp, starttls
// or smtps. It prints its port, then what it takes, a line of JSON each, and ends with its input.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [module, kind, user, password, certificate, key] = process.argv.slice(2);
const { SMTPServer } = createRequire(import.meta.url)(module);

const server = new SMTPServer({
  secure: kind === 'smtps',
  cert: readFileSync(certificate),
  key: readFileSync(key),
  disabledCommands: kind === 'smtp' ? ['STARTTLS', 'AUTH'] : [],
  authOptional: kind === 'smtp',
  allowInsecureAuth: false,
  onAuth: (auth, session, done) =>
    auth.username === user && auth.password === password ? done(null, { user }) : done(new Error('who are you')),
  onRcptTo: (address, session, done) => {
    if (address.address.startsWith('nobody@')) return done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
    if (address.address.startsWith('later@')) return done(Object.assign(new Error('try again'), { responseCode: 451 }));
    return done();
  },
  onData: (stream, session, done) => {
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      const text = Buffer.concat(pieces).toString('utf8');
      console.log(JSON.stringify({ from: mailFrom.address, to: rcptTo.map((to) => to.address), secure: session.secure, text }));
      done();
    });
  },
});
server.on('error', () => {});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
console.log(server.server.address().port);
process.stdin.on('end', () => process.exit()).resume();
