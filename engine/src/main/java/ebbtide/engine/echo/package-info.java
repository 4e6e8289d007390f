/** Echo state networks: a fixed random reservoir, and a read-out that linear regression trains. */
package ebbtide.engine.echo;
