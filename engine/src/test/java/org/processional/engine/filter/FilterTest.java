// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ObjectInputFilter;
import java.security.SignedObject;
import java.util.ArrayList;
import java.util.Date;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.CodecException;
import org.processional.Export;

/** What a process takes, by class. */
class FilterTest {
    private static final Filter PLAIN = Filter.of(null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.commons.collections.functors.InvokerTransformer",
                "org.apache.commons.collections4.functors.ChainedTransformer",
                "org.apache.commons.collections4.map.LazyMap",
                "org.apache.commons.beanutils.BeanComparator",
                "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
                "org.springframework.beans.factory.ObjectFactory",
                "org.springframework.core.SerializableTypeWrapper$MethodInvokeTypeProvider",
                "org.codehaus.groovy.runtime.MethodClosure",
                "bsh.XThis$Handler",
                "org.mozilla.javascript.NativeJavaObject",
                "com.sun.syndication.feed.impl.ObjectBean",
                "com.mchange.v2.c3p0.PoolBackedDataSource",
                "com.sun.jndi.rmi.registry.ReferenceWrapper",
                "java.rmi.server.UnicastRemoteObject",
                "sun.rmi.server.UnicastRef",
                "com.sun.rowset.JdbcRowSetImpl",
                "java.security.SignedObject",
                "sun.reflect.annotation.AnnotationInvocationHandler",
                "[Ljava.security.SignedObject;",
                "[[Lbsh.XThis;"
            })
    void whatIsKnownToBeDangerousIsRefused(String name) {
        assertThatThrownBy(() -> PLAIN.name(name))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(name.replaceAll("^\\[+L|;$", ""))
                .hasMessageContaining("process " + ProcessHandle.current().pid())
                .hasMessageContaining("option filter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.util.ArrayList",
                "int",
                "[I",
                "[[Ljava.lang.String;",
                "bshop.Order",
                "org.apache.commons.collections.map.HashedMap",
                "org.springframework.dao.DataAccessException",
                "com.example.bsh.Thing",
                "groovy.lang.Closure",
                "java.rmi.RemoteException"
            })
    void othersAreTaken(String name) {
        assertThatCode(() -> PLAIN.name(name)).doesNotThrowAnyException();
    }

    @Test
    void theOptionAllowsADangerousClassByItsName() {
        assertThatThrownBy(() -> PLAIN.type(SignedObject.class)).isInstanceOf(CodecException.class);
        assertThatCode(() -> Filter.of("java.security.SignedObject").type(SignedObject.class))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Filter.of("java.security.*;!*").type(SignedObject.class))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Filter.of("!java.security.SignedObject").type(SignedObject.class))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void aPatternMeansWhatJep290Says() {
        Filter list = Filter.of("java.util.*;!*");
        assertThatCode(() -> list.type(ArrayList.class)).doesNotThrowAnyException();
        assertThatCode(() -> list.type(TreeMap[].class)).doesNotThrowAnyException();
        assertThatThrownBy(() -> list.type(Thread.State.class))
                .hasMessageContaining("java.lang.Thread$State is refused")
                .hasMessageContaining("java.util.*;!*");
        assertThatCode(() -> Filter.of("java.base/*;!*").type(Thread.State.class))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Filter.of("!java.util.Date").type(Date.class)).isInstanceOf(CodecException.class);
    }

    /** A lambda is an object of its class, and one of the class that Java serialization has for lambdas. */
    @Test
    void lambdasAreAskedAboutTwice() {
        assertThatCode(() -> Filter.of("java.util.*;java.lang.invoke.SerializedLambda;!*")
                        .lambda(Date.class))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Filter.of("java.util.*;!*").lambda(Date.class))
                .hasMessageContaining("java.util.Date")
                .hasMessageContaining("SerializedLambda");
        assertThatThrownBy(() -> Filter.of("java.lang.invoke.*;!*").lambda(Date.class))
                .hasMessageContaining("java.util.Date");
    }

    @Test
    void whatIsOfTheEngineNeedsNoPermission() {
        Filter nothing = Filter.of("!*");
        assertThatCode(() -> nothing.lambda(FilterTest.class)).doesNotThrowAnyException();
        assertThatCode(() -> nothing.type(Export.class)).doesNotThrowAnyException();
        assertThatThrownBy(() -> nothing.type(Date.class)).isInstanceOf(CodecException.class);
    }

    private record Info(Class<?> serialClass, long arrayLength, long depth, long references, long streamBytes)
            implements ObjectInputFilter.FilterInfo {}

    @ParameterizedTest
    @ValueSource(strings = {"maxarray=10", "maxdepth=4", "maxrefs=20", "maxbytes=1000"})
    void limitsAreCounted(String pattern) {
        Filter filter = Filter.of("java.util.*;" + pattern);
        assertThat(filter.counts()).isTrue();
        assertThatCode(() -> filter.count(new Info(null, 10, 4, 20, 1000))).doesNotThrowAnyException();
        assertThatThrownBy(() -> filter.count(new Info(null, 11, 5, 21, 1001)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(pattern)
                .hasMessageContaining("11 elements, 21 objects so far, 5 deep, in 1001 bytes");
    }

    @Test
    void withoutLimitsNothingIsCounted() {
        assertThat(PLAIN.counts()).isFalse();
        assertThat(Filter.of("org.example.**;!*").counts()).isFalse();
    }

    private static Filter ofJvm(ObjectInputFilter filter) {
        return new Filter(null, filter);
    }

    private static ObjectInputFilter.Status refusedIf(boolean refused) {
        return refused ? ObjectInputFilter.Status.REJECTED : ObjectInputFilter.Status.UNDECIDED;
    }

    /** A program may set a filter that is an allow-list, in code: it need not have thought of what is asked with numbers. */
    @Test
    void aFilterOfTheJvmThatKnowsClassesAloneRefusesNoNumbers() {
        Info ints = new Info(int[].class, 1_000_000, 3, 50, 4_000_100);
        Info object = new Info(null, -1, 3, 50, 4_000_100);
        Filter noArrays = ofJvm(info -> refusedIf(info.serialClass() != null && info.serialClass() != Date.class));
        Filter noNull = ofJvm(info -> refusedIf(info.serialClass() != Date.class));
        Filter failing = ofJvm(info -> refusedIf(!info.serialClass().getName().equals("java.util.Date")));
        for (Filter filter : new Filter[] {noArrays, noNull, failing}) {
            assertThatCode(() -> filter.count(ints)).doesNotThrowAnyException();
            assertThatCode(() -> filter.count(object)).doesNotThrowAnyException();
            assertThatCode(() -> filter.type(Date.class)).doesNotThrowAnyException();
            assertThatThrownBy(() -> filter.type(TreeMap.class)).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void aFilterOfTheJvmThatHasLimitsInCodeIsCounted() {
        Filter few = ofJvm(info -> refusedIf(info.arrayLength() > 10 || info.references() > 20));
        assertThat(few.counts()).isTrue();
        assertThatCode(() -> few.count(new Info(int[].class, 10, 1, 20, 100))).doesNotThrowAnyException();
        assertThatThrownBy(() -> few.count(new Info(int[].class, 11, 1, 20, 100)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("the filter of its JVM");
        assertThatThrownBy(() -> few.count(new Info(null, -1, 1, 21, 100))).isInstanceOf(CodecException.class);
    }

    @Test
    void aPatternOfTheJvmIsCountedIfItHasLimits() {
        assertThat(ofJvm(ObjectInputFilter.Config.createFilter("java.util.*;!*"))
                        .counts())
                .isFalse();
        Filter limited = ofJvm(ObjectInputFilter.Config.createFilter("java.util.*;maxarray=10;!*"));
        assertThat(limited.counts()).isTrue();
        assertThatThrownBy(() -> limited.count(new Info(null, 11, 1, 1, 1))).isInstanceOf(CodecException.class);
    }
}
