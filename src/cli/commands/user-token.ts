import type { Command } from '../command.js'
import { EXIT } from '../command.js'

const userToken: Command = {
  name: 'user token',
  which: 'user-token',
  summary: 'A new API token, and what to keep of it in users.yml',
  help: 'Prints a new token, which is for the user and is shown this once; and its hash, which stands under tokens in users.yml.',
  examples: ['plumb user token'],
  options: [],
  need: 'nothing',
  answers: true,
  async run(ready) {
    const { hashToken, newToken } = await import('../../query/identity/tokens.js')
    const token = newToken()
    await ready.answer(`token: ${token}\nhash:  ${hashToken(token)}\n`)
    return EXIT.ok
  },
}
export default userToken
