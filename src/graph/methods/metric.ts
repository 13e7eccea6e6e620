import { byName } from './named-resource.js'

/** `metric:name`, `metric:package.name` */
export const metric = byName('metric', 'Metrics must be of the form ${metric_name} or ${metric_package.metric_name}')
