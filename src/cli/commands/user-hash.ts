import { fail } from '../../core/diagnostic.js'
import type { Command } from '../command.js'
import { EXIT } from '../command.js'

const userHash: Command = {
  name: 'user hash',
  which: 'user-hash',
  summary: 'What to keep of a password in users.yml',
  help: 'Reads a password from the standard input and prints its SCRAM-SHA-256 verifier, in PostgreSQL’s form. The password is kept nowhere.',
  examples: ['plumb user hash < password.txt', 'read -rs P; printf %s "$P" | plumb user hash'],
  options: [],
  need: 'nothing',
  answers: true,
  async run(ready) {
    const chunks: Buffer[] = []
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
    const password = Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/, '')
    if (password === '') fail('usage', 'no-password', 'Give the password on the standard input')
    const { formatVerifier, makeVerifier } = await import('../../query/identity/scram.js')
    await ready.answer(`${formatVerifier(await makeVerifier(password))}\n`)
    return EXIT.ok
  },
}
export default userHash
