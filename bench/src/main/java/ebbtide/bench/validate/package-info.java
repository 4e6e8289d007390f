/** What {@code ebbtide validate} checks: one class a check, and the arithmetic that judges networks. */
package ebbtide.bench.validate;
