export { type Prometheus, type PrometheusOptions, prometheus } from './prometheus.ts'
