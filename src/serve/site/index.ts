/** The documents behind the browser application. Only this file is for other rooms. */
export { createSite, type Site, type SiteInput } from './site.js'
export type { MetricListing } from './site-metrics.js'
export { writePage } from './write-page.js'
export { writeSite } from './write-site.js'
