/** Models as ONNX graphs. */
package ebbtide.bench.onnx;
