import { byName } from './named-resource.js'

/** `exposure:name`, `exposure:package.name` */
export const exposure = byName(
  'exposure',
  'Exposures must be of the form ${exposure_name} or ${exposure_package.exposure_name}',
)
