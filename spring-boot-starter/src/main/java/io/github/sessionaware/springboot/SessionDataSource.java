package io.github.sessionaware.springboot;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** The data source of the sessions: the one that the properties name, the only one, or the primary one. */
record SessionDataSource(DataSource dataSource) {
    private static final String PROPERTY = "session-aware-jwt.store.data-source";

    /** The pools that lend their connections to one database, whatever the calling thread. */
    private static final Set<String> PLAIN_POOLS = Set.of(
            "com.zaxxer.hikari.HikariDataSource",
            "org.apache.tomcat.jdbc.pool.DataSource",
            "org.apache.commons.dbcp2.BasicDataSource");

    static SessionDataSource chosen(ListableBeanFactory beans, @Nullable String name) {
        DataSource chosen = name == null ? onlyOne(beans) : named(beans, name);
        // The store commits its calls, and so would commit the transaction of the caller. TransactionalSessionStore
        // joins that transaction in another way.
        while (chosen instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
            chosen = proxy.getTargetDataSource();
        }
        return new SessionDataSource(chosen);
    }

    private static DataSource named(ListableBeanFactory beans, String name) {
        try {
            return beans.getBean(name, DataSource.class);
        } catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException e) {
            throw new InvalidConfigurationException(
                    PROPERTY + " names no DataSource: " + name, "Name one of these beans: " + names(beans));
        }
    }

    private static DataSource onlyOne(ListableBeanFactory beans) {
        DataSource only;
        try {
            only = beans.getBeanProvider(DataSource.class).getIfAvailable();
        } catch (NoUniqueBeanDefinitionException e) {
            throw new InvalidConfigurationException(
                    "The sessions need one DataSource, but there are several and none is primary: " + names(beans),
                    "Name the bean of the primary database of the sessions: " + PROPERTY + "="
                            + names(beans).iterator().next());
        }
        if (only == null) {
            throw new InvalidConfigurationException(
                    "The sessions need a DataSource, but there is none",
                    "Add spring-boot-starter-jdbc and the driver of the database, and set spring.datasource.url. Or declare"
                            + " a bean of the type SessionStore. For one node and for tests, add"
                            + " session-aware-jwt-memory-store and set session-aware-jwt.store.type=memory");
        }
        return only;
    }

    private static Set<String> names(ListableBeanFactory beans) {
        return new TreeSet<>(
                List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class, true, false)));
    }

    /**
     * Returns whether a query of one thread may read for other threads. A proxy or a subclass may choose the database
     * by the calling thread, so only the classes of the pools themselves count.
     */
    boolean isPlainPool() {
        return PLAIN_POOLS.contains(dataSource.getClass().getName());
    }
}
