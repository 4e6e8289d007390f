package ebbtide.bench;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "ebbtide %s on Java %s"
                    .formatted(version == null ? "(not packaged)" : version, Runtime.version())
        };
    }
}
