/** The random generator: small, documented, and a state that can be saved. */
package ebbtide.engine.random;
