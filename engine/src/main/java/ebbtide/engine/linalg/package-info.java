/** Dense linear algebra in float64 for the analysis of recurrent weights. */
package ebbtide.engine.linalg;
