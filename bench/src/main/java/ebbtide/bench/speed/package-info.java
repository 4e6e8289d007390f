/** How fast a step is: the machine's peak, the engine and its peers, interleaved in one process. */
package ebbtide.bench.speed;
