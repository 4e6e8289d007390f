/** How fast something is: the machine's peak and contestants, interleaved in one process. */
package ebbtide.bench.speed;
