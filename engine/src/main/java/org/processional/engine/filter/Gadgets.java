// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.filter;

import java.util.Set;

/**
 * Classes that are known to run code, load classes, open connections or write files at the wish of who sends them: the
 * links of published chains (ysoserial, marshalsec, the lists of Jenkins Remoting, SerialKiller, WebLogic and Spring).
 * Whoever has none of these libraries loses nothing by the list; what is in it has hardly a reason to travel.
 *
 * <p>A list is never complete: it makes known attacks fail, and is no reason to let strangers in.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Gadgets {
    /** Single classes. */
    private static final Set<String> CLASSES = Set.of(
            // the JDK
            "com.sun.org.apache.xpath.internal.objects.XString",
            "java.beans.EventHandler",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.Runtime",
            "java.net.URLClassLoader",
            "java.rmi.MarshalledObject",
            "java.rmi.server.RemoteObject",
            "java.rmi.server.RemoteObjectInvocationHandler",
            "java.rmi.server.RemoteServer",
            "java.rmi.server.RemoteStub",
            "java.rmi.server.UnicastRemoteObject",
            "java.security.SignedObject",
            "java.util.ServiceLoader",
            "javax.crypto.SealedObject",
            "javax.management.BadAttributeValueExpException",
            "javax.naming.Reference",
            "javax.swing.UIDefaults",
            "javax.swing.event.EventListenerList",
            "sun.reflect.annotation.AnnotationInvocationHandler",
            "sun.swing.SwingLazyValue",
            // Apache Commons
            "org.apache.commons.beanutils.BeanComparator",
            "org.apache.commons.collections.comparators.TransformingComparator",
            "org.apache.commons.collections.keyvalue.TiedMapEntry",
            "org.apache.commons.collections.map.DefaultedMap",
            "org.apache.commons.collections.map.LazyMap",
            "org.apache.commons.collections4.comparators.TransformingComparator",
            "org.apache.commons.collections4.keyvalue.TiedMapEntry",
            "org.apache.commons.collections4.map.DefaultedMap",
            "org.apache.commons.collections4.map.LazyMap",
            "org.apache.commons.configuration.JNDIConfiguration",
            "org.apache.commons.configuration2.JNDIConfiguration",
            // languages
            "org.codehaus.groovy.runtime.ConvertedClosure",
            "org.codehaus.groovy.runtime.ConversionHandler",
            "org.codehaus.groovy.runtime.CurriedClosure",
            "org.codehaus.groovy.runtime.MethodClosure",
            "groovy.util.Expando",
            // others
            "com.fasterxml.jackson.databind.node.POJONode",
            "com.vaadin.data.util.NestedMethodProperty",
            "com.vaadin.data.util.PropertysetItem",
            "com.zaxxer.hikari.HikariConfig",
            "org.apache.click.control.Column",
            "org.hibernate.engine.TypedValue",
            "org.hibernate.engine.spi.TypedValue",
            "org.springframework.aop.framework.AdvisedSupport",
            "org.springframework.aop.framework.JdkDynamicAopProxy",
            "org.springframework.aop.target.JndiObjectTargetSource",
            "org.springframework.jndi.JndiObjectTargetSource",
            "org.springframework.transaction.jta.JtaTransactionManager");

    /** Packages, with all that is below them. */
    private static final Set<String> PACKAGES = Set.of(
            // the JDK
            "com.sun.corba",
            "com.sun.jndi",
            "com.sun.org.apache.bcel",
            "com.sun.org.apache.xalan",
            "com.sun.rowset",
            "java.rmi.activation",
            "java.rmi.registry",
            "javax.management.remote",
            "javax.naming.spi",
            "javax.script",
            "jdk.nashorn",
            "sun.rmi",
            // Apache
            "org.apache.bcel",
            "org.apache.commons.collections.functors",
            "org.apache.commons.collections4.functors",
            "org.apache.commons.dbcp",
            "org.apache.commons.dbcp2",
            "org.apache.commons.fileupload.disk",
            "org.apache.commons.jelly",
            "org.apache.myfaces",
            "org.apache.tomcat.dbcp",
            "org.apache.wicket.util.upload",
            "org.apache.xalan",
            "org.apache.xbean.naming",
            // languages
            "bsh",
            "clojure.inspector",
            "org.jruby",
            "org.mozilla.javascript",
            "org.python",
            // others
            "ch.qos.logback.core.db",
            "com.caucho",
            "com.mchange.v2.c3p0",
            "com.mchange.v2.naming",
            "com.mchange.v2.ser",
            "com.rometools.rome.feed.impl",
            "com.sun.syndication.feed.impl",
            "javassist.util.proxy",
            "org.aspectj.weaver",
            "org.hibernate.property",
            "org.hibernate.tuple",
            "org.jboss.interceptor",
            "org.jboss.weld.interceptor",
            "org.springframework.beans.factory",
            "org.springframework.core.SerializableTypeWrapper");

    private Gadgets() {}

    /**
     * Whether a class is one of them.
     *
     * @param name binary name of a class that is no array
     */
    static boolean has(String name) {
        if (CLASSES.contains(name)) {
            return true;
        }
        for (int end = name.indexOf('.'); end >= 0; end = name.indexOf('.', end + 1)) {
            if (PACKAGES.contains(name.substring(0, end))) {
                return true;
            }
        }
        int nested = name.indexOf('$');
        return nested > 0
                && (PACKAGES.contains(name.substring(0, nested)) || CLASSES.contains(name.substring(0, nested)));
    }
}
