/** Results that papers report, and the trainings that repeat them. */
package ebbtide.bench.published;
