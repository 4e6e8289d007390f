/** Optimisers with PyTorch's definitions, schedules of the learning rate, and clipping. */
package ebbtide.engine.optim;
