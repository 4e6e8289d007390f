/** Published results of echo state networks, reproduced. */
package ebbtide.bench.echo;
