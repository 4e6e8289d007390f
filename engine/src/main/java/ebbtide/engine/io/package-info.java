/** Files: safetensors, weights under PyTorch's names, and writing that leaves nothing half done. */
package ebbtide.engine.io;
