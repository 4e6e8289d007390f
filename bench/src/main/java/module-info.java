/** The {@code ebbtide} command, JMH suites, peers and reports. */
module ebbtide.bench {
    requires ebbtide.kernels;
    requires ebbtide.engine;
    requires ebbtide.openblas;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires jmh.core;
    requires org.apache.commons.csv;
    requires me.tongfei.progressbar;
}
