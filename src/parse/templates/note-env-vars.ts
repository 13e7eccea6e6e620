import type { Capture } from '../../context/index.js'
import type { Project } from '../../project/index.js'

/** Keeps what a template read from the environment: the parse cache is good only while that stays the same. */
export function noteEnvVars({ envVarsUsed }: Project, { envVars }: Capture): void {
  for (const [name, value] of envVars) envVarsUsed.set(name, value)
}
