/**
 * The gradient-flow laboratory: what becomes of a gradient on its way back through a recurrent network,
 * for any network of the engine, and the experiments of {@code GRADIENTS.md}.
 */
package ebbtide.bench.flow;
