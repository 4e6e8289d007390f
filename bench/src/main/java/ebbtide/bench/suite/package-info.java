/** What is timed: suites of workloads with us and the peers, in one process or in JMH's own forks. */
package ebbtide.bench.suite;
