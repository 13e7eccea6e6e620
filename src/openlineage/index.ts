export { type FollowedRun, followRun } from './follow-run.js'
