import { fail } from '../core/diagnostic.js'
import type { ManifestNode } from '../manifest/index.js'
import type { Project } from '../project/types.js'
import type { ScopeSubject } from './subject.js'

/**
 * May `subject` reference `target`: private models only from their group, private and protected ones not from another
 * package when that package restricts access. Queries typed on the command line may reference anything.
 * @throws PlumbError `ref-access`.
 */
export function checkAccess(subject: ScopeSubject, target: ManifestNode, project: Project): void {
  if (target.resource_type !== 'model' || subject.resource_type === 'sql_operation') return
  const foreign = subject.package_name !== target.package_name
  const restricted = foreign && project.packages.get(target.package_name)?.config.restrictAccess === true
  const group = 'group' in subject ? subject.group : null
  if (target.access === 'private') {
    if (group === null || group !== target.group || restricted) deny(subject, target, `group`, String(target.group))
  } else if (target.access === 'protected' && restricted) deny(subject, target, 'package', target.package_name)
}

function deny(subject: ScopeSubject, target: ManifestNode & { access?: string }, kind: string, scope: string): never {
  fail(
    'parsing',
    'ref-access',
    `Node ${subject.unique_id} attempted to reference node ${target.unique_id}, which is not allowed because the ` +
      `referenced node is ${target.access} to the '${scope}' ${kind}.`,
    { nodeId: subject.unique_id },
  )
}
