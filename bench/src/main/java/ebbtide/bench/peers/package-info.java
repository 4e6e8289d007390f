/**
 * Others who compute the same: oneDNN, OpenBLAS and netlib's VectorBLAS, each in a contestant that does
 * the work of our own. The native ones come from their Maven jars, and are called through the Foreign
 * Function and Memory API; where a jar has nothing for the platform, the peer is absent and says why.
 */
package ebbtide.bench.peers;
