/** Losses over all steps of a batch of sequences, with masks and weights: value and gradient. */
package ebbtide.engine.loss;
