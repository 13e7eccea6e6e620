import { resolve } from 'node:path'
import { fail } from './core/diagnostic.js'
import { followProject } from './follow-project.js'
import { createQueryService, fileLog, isLoopback, type Limits, openIdentity, type QueryService } from './query/index.js'
import { groundOf } from './query-workspace.js'
import { type CertificateFiles, openCertificate } from './serve/certificate.js'
import type { Door, DoorAddress, OpenDoor } from './serve/door.js'
import { DOORS } from './serve/doors.js'
import { webAppDir } from './web-app.js'
import type { Workspace } from './workspace.js'

export interface ServeOptions {
  readonly host: string
  /** The port of each door that is to be opened; 0 takes a free one. */
  readonly ports: Readonly<Partial<Record<Door['name'], number>>>
  /** File of users; null: the usual places. */
  readonly users: string | null
  /** Start at once what the first question about the catalogue needs. */
  readonly warm?: boolean
  /** Files of the certificate that doors speak TLS with; they are read again when they change. */
  readonly tls?: CertificateFiles | null
  readonly limits: Partial<Limits>
  /** Opens the project anew, as it is on disk by then. */
  readonly reopen: () => Promise<Workspace>
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void
}

/** A project that is being served. */
export interface Serving {
  readonly addresses: Readonly<Partial<Record<Door['name'], DoorAddress>>>
  /** What stands behind the doors. */
  readonly service: QueryService
  /** Takes the project in anew: after a build. */
  refresh(): Promise<void>
  /** Lets what runs end, for at most `grace` milliseconds, and closes everything but the workspace. */
  close(grace?: number): Promise<void>
}

/**
 * Opens the doors of a project.
 * @throws PlumbError when it cannot listen; or when it should be open to others and nobody says who they are.
 */
export async function serveProject(workspace: Workspace, options: ServeOptions): Promise<Serving> {
  const { host, log } = options
  const { invocation, project } = workspace
  const identity = await openIdentity({ projectRoot: project.root.root, file: options.users, env: invocation.env })
  if (identity.open && !isLoopback(host)) {
    fail('usage', 'users-needed', `Whoever reaches ${host} could read everything: no user is defined`, {
      hint: 'define users in users.yml (see docs/security.md), or listen on 127.0.0.1',
    })
  }
  const certificate = options.tls == null ? null : openCertificate(options.tls, log)
  const ground = await groundOf(workspace)
  const queries = fileLog(resolve(project.root.root, project.root.config.logPath, 'queries.jsonl'))
  const service = createQueryService({ ground, limits: options.limits, log: queries.add })
  const following = followProject(workspace, {
    service,
    log,
    reopen: options.reopen,
    targetDir: project.targetDir,
  })
  const doors: OpenDoor[] = []
  const close = async (grace?: number): Promise<void> => {
    await Promise.all(doors.map((door) => door.close(grace)))
    await service.close()
    await following.close()
    await queries.close()
    certificate?.close()
  }
  try {
    // Builds of other processes come through this one, where the warehouse lets only one have it.
    await ground.adapter.share?.(() => service.forget())
    // Rules that cannot be followed are found now, not by the first who asks.
    service.visible({ name: '', groups: [], attributes: {}, owner: false })
    const addresses: Partial<Record<Door['name'], DoorAddress>> = {}
    for (const [name, port] of Object.entries(options.ports) as [Door['name'], number][]) {
      const door = await DOORS[name]?.()
      if (door === undefined) continue
      const opened = await door.start(service, {
        host,
        port,
        identity,
        certificate,
        appDir: webAppDir(),
        warm: options.warm === true,
        log,
      })
      doors.push(opened)
      addresses[name] = opened.address
    }
    return { addresses, service, close, refresh: following.refresh }
  } catch (error) {
    await close(0)
    throw error
  }
}
