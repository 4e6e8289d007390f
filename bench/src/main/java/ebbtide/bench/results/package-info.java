/** The files in which measured figures are recorded, by the commands that measured them. */
package ebbtide.bench.results;
