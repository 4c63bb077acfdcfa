/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqueue_perf.c - check_mqueue's perfdata */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "plugins/check_mqueue/perf.h"

#define QUEUES 16

static struct mqueue_config config;

static int
setup(void **state)
{
	char *argv[] = { (char[]){ "x" }, NULL };
	struct buf why = BUF_INIT;

	(void)state;
	return mqueue_config_parse(&config, 1, argv, NULL, &why);
}

/* The items of some measures, as on the first line. */
static char *
items(const struct mqueue_config *c, const struct mqueue_measure *m, size_t n)
{
	struct result *root = result_new("root");
	struct buf out = BUF_INIT;
	size_t i;

	mqueue_perf(root, c, m, n);
	assert_int_equal(root->nperf, 7 * n);
	for (i = 0; i < root->nperf; i++) {
		buf_adds(&out, i == 0 ? "" : " ");
		perf_add(&out, &root->perf[i]);
	}
	result_free(root);
	return buf_take(&out);
}

static const struct {
	const char *words;
	enum queue_role role;
	bool has_rate;
	double rate;
	struct scan_count count;
	const char *want;
} values[] = {
	{ NULL, QUEUE_IN, true, 45.26,
	    { .queued = 1300, .late = 7, .oldest = 840, .held = 2, .lost = 3 },
	    "q=1300;1200;3000;0 q_oldest=840s;900;3600;0 q_late=7;;;0"
	    " q_growth=45.3 q_held=2;;;0 q_lost=3;0;;0"
	    " q_strand=5;0;;0" },
	{ NULL, QUEUE_OUT, true, -12.34, { .queued = 0 },
	    "q=0;1200;3000;0 q_oldest=0s;;;0 q_late=0;;;0"
	    " q_growth=-12.3 q_held=0;;;0 q_lost=0;0;;0"
	    " q_strand=5;0;;0" },
	/* The same items in any case; what nobody knows is no 0. */
	{ NULL, QUEUE_CLIENT, false, 99, { .queued = 1 },
	    "q=1;1200;3000;0 q_oldest=0s;;;0 q_late=0;;;0 q_growth=U"
	    " q_held=0;;;0 q_lost=0;0;;0"
	    " q_strand=5;0;;0" },
	{ NULL, QUEUE_OUT, true, -0.04, { .queued = 999999999 },
	    "q=999999999;1200;3000;0 q_oldest=0s;;;0 q_late=0;;;0"
	    " q_growth=0 q_held=0;;;0 q_lost=0;0;;0"
	    " q_strand=5;0;;0" },
	{ "-wq=5:9", QUEUE_OUT, false, 0, { .queued = 7 },
	    "q=7;5:9;3000;0 q_oldest=0s;;;0 q_late=0;;;0 q_growth=U"
	    " q_held=0;;;0 q_lost=0;0;;0"
	    " q_strand=5;0;;0" },
	{ "--age-critical=q=2h", QUEUE_OUT, false, 0, { .queued = 7 },
	    "q=7;1200;3000;0 q_oldest=0s;;7200;0 q_late=0;;;0 q_growth=U"
	    " q_held=0;;;0 q_lost=0;0;;0"
	    " q_strand=5;0;;0" },
	{ "--quarantined-warning=4", QUEUE_OUT, false, 0, { .queued = 7 },
	    "q=7;1200;3000;0 q_oldest=0s;;;0"
	    " q_late=0;;;0 q_growth=U q_held=0;4;;0 q_lost=0;0;;0"
	    " q_strand=5;0;;0" },
	{ "--stranded-warning=q=9", QUEUE_OUT, false, 0, { .queued = 7 },
	    "q=7;1200;3000;0 q_oldest=0s;;;0 q_late=0;;;0 q_growth=U"
	    " q_held=0;;;0 q_lost=0;0;;0 q_strand=5;9;;0" },
	/* The forecast has no item. */
	{ "--forecast-warning=1h", QUEUE_OUT, false, 0, { .queued = 7 },
	    "q=7;1200;3000;0 q_oldest=0s;;;0"
	    " q_late=0;;;0 q_growth=U q_held=0;;;0 q_lost=0;0;;0"
	    " q_strand=5;0;;0" },
};

static void
test_values(void **state)
{
	char name[] = "q", word[40], program[] = "x", *got;
	char *argv[] = { program, word, NULL };
	struct buf why = BUF_INIT;
	struct queue q = { .name = name };
	struct mqueue_config c;
	struct mqueue_measure m;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(values); i++) {
		if (values[i].words != NULL)
			snprintf(word, sizeof(word), "%s", values[i].words);
		assert_int_equal(mqueue_config_parse(&c,
				     values[i].words != NULL ? 2 : 1, argv,
				     NULL, &why),
		    0);
		q.role = values[i].role;
		m = (struct mqueue_measure){ .queue = &q,
			.count = values[i].count,
			.has_rate = values[i].has_rate,
			.rate = values[i].rate,
			.has_stranded = true,
			.nstranded = 5 };
		got = items(&c, &m, 1);
		assert_string_equal(got, values[i].want);
		free(got);
		mqueue_config_free(&c);
	}
}

/* A report of an older mqreport does not tell what is stranded. */
static void
test_unknown(void **state)
{
	char name[] = "q";
	struct queue q = { .name = name };
	struct mqueue_measure m = { .queue = &q };
	char *got = items(&config, &m, 1);

	(void)state;
	assert_string_equal(strstr(got, " q_strand"), " q_strand=U;0;;0");
	free(got);
}

/* What is left out first: late, growth and held; the count never. */
static void
test_keep(void **state)
{
	static const unsigned int want[] = { 0, 1, 3, 4, 5, 2, 6 };
	char name[] = "q";
	struct queue q = { .name = name };
	struct mqueue_measure m = { .queue = &q };
	struct result *root = result_new("root");
	size_t i;

	(void)state;
	mqueue_perf(root, &config, &m, 1);
	for (i = 0; i < ROWS(want); i++)
		assert_int_equal(root->perf[i].keep, want[i]);
	result_free(root);
}

/* The perfdata of queues of these names, n of them; the caller frees it. */
static struct result *
labels(const char *const *names, size_t n)
{
	struct result *root = result_new("root");
	struct queue q[QUEUES] = { { .name = NULL } };
	struct mqueue_measure m[QUEUES] = { { .queue = NULL } };
	size_t i;

	assert_true(n <= QUEUES);
	for (i = 0; i < n; i++) {
		q[i].name = strdup(names[i]);
		q[i].role = queue_role_of(names[i]);
		m[i].queue = &q[i];
		/* Tells afterwards whose item it is. */
		m[i].count.queued = (uint64_t)(uintptr_t)names[i];
	}
	mqueue_perf(root, &config, m, n);
	assert_int_equal(root->nperf, 7 * n);
	while (n != 0)
		free(q[--n].name);
	return root;
}

static size_t
count_names(const char *const *names)
{
	size_t n = 0;

	while (n < QUEUES && names[n] != NULL)
		n++;
	return n;
}

/* What the queue of this name is called. */
static const char *
label_of(const struct result *root, const char *name)
{
	size_t i;

	for (i = 0; i < root->nperf; i += 7)
		if (root->perf[i].value == (double)(uint64_t)(uintptr_t)name)
			return root->perf[i].label;
	return "none";
}

static void
test_labels(void **state)
{
	static const struct {
		const char *names[4], *want[3];
	} rows[] = {
		{ { "mqueue", "mqueue.in", "clientmqueue" },
		    { "mqueue", "mqueue_in", "clientmqueue" } },
		{ { "mqueue-client", "1", "A long name of a queue" },
		    { "mqueueclient", "q1", "alongnameofa" } },
		/* Of two, the one that is called so. */
		{ { "mqueue.in", "mqueue_in" },
		    { "mqueuein_e8f", "mqueue_in" } },
		{ { "other", "mqueue.in", "mqueue_in" },
		    { "other", "mqueuein_e8f", "mqueue_in" } },
		{ { "mqueue", "Mqueue" }, { "mqueue", "mqueue_0e4" } },
		/* Of two that are not, neither. */
		{ { "mqueue-client-a", "mqueue-client-b" },
		    { "mqueuecl_dc8", "mqueuecl_dc9" } },
		/* What reads like an item of another, before or after it. */
		{ { "mqueue", "mqueue-lost" }, { "mqueue", "mqueuelo_e8d" } },
		{ { "mqueue-lost", "mqueue" }, { "mqueuelo_e8d", "mqueue" } },
		{ { "a.growth", "x_oldest", "a" },
		    { "a_growth_7f4", "x_oldest_ba6", "a" } },
		{ { "mqueue-held", "mqueue-late" },
		    { "mqueuehe_69e", "mqueuela_a0f" } },
		{ { "mq", "mq-strand" }, { "mq", "mqstrand_e4f" } },
		/* But not these. */
		{ { "lost", "xlost", "lost.x" },
		    { "lost", "xlost", "lost_x" } },
	};
	struct result *root;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		root = labels(rows[i].names, count_names(rows[i].names));
		for (k = 0; rows[i].names[k] != NULL; k++)
			assert_string_equal(label_of(root, rows[i].names[k]),
			    rows[i].want[k]);
		result_free(root);
	}
}

/* All items of a tree in their order, without the values. */
static char *
item_names(const struct result *root)
{
	struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < root->nperf; i++)
		buf_addf(&b, "%s ", root->perf[i].label);
	return buf_take(&b);
}

/* The next order of names that are compared by their place in memory. */
static bool
next_order(const char **v, size_t n)
{
	const char *swap;
	size_t i, j, k;

	if (n == 0)
		return false;
	i = j = n - 1;
	while (i != 0 && v[i - 1] > v[i])
		i--;
	if (i == 0)
		return false;
	while (v[j] < v[i - 1])
		j--;
	swap = v[i - 1];
	v[i - 1] = v[j];
	v[j] = swap;
	for (k = n - 1; i < k; i++, k--) {
		swap = v[i];
		v[i] = v[k];
		v[k] = swap;
	}
	return true;
}

/* In whatever order queues are named: each has the same label and place. */
static void
test_labels_any_order(void **state)
{
	/* One text a row, so that places in memory are an order. */
	static const struct {
		char names[6][24];
		size_t n;
	} rows[] = {
		{ { "mqueue", "mqueue.in", "mqueue-client" }, 3 },
		{ { "mx1-outbound-slow-a", "mx1-outbound-slow-b",
		      "mx1-outbound-slow-c", "mx1-outbound-slow" },
		    4 },
		{ { "mqueue.in", "mqueue_in", "mqueue in", "mqueue-in" }, 4 },
		/* Of one hash, and of one without and with digits. */
		{ { "a.b", "a-~b", "a._b", "a-~-~b", "a_b" }, 5 },
		{ { "q.late", "q_late", "q", "Q", "q-" }, 5 },
	};
	const char *v[6], *first[6];
	char label[6][PERF_LABEL_MAX + 1], *want, *got;
	struct result *root;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		for (k = 0; k < rows[i].n; k++)
			first[k] = v[k] = rows[i].names[k];
		root = labels(first, rows[i].n);
		want = item_names(root);
		for (k = 0; k < rows[i].n; k++)
			snprintf(label[k], sizeof(label[k]), "%s",
			    label_of(root, first[k]));
		result_free(root);
		while (next_order(v, rows[i].n)) {
			root = labels(v, rows[i].n);
			got = item_names(root);
			assert_string_equal(got, want);
			free(got);
			for (k = 0; k < rows[i].n; k++)
				assert_string_equal(label_of(root, first[k]),
				    label[k]);
			result_free(root);
		}
		free(want);
	}
}

/* Whatever the names: no two items have one label, and all are fit. */
static void
test_labels_distinct(void **state)
{
	static const char *const rows[][QUEUES] = {
		{ "mqueue", "mqueue-lost", "mqueue_lost", "mqueue.lost",
		    "MQUEUE", "mqueue-", "-mqueue", "mqueue.oldest", NULL },
		{ "", "-", "\xc3\xa4", "\xff", "q", "Q", "|", "=", "'", NULL },
		/* Names of one hash. */
		{ "a.b", "a-~b", "a._b", "a-~-~b", "a._._b", "a-~._b", NULL },
		{ "abcdefghijkl1", "abcdefghijkl2", "abcdefghijkl3",
		    "abcdefgh_dc9", "abcdefghijklmnopqrstuvwxyz0123456789",
		    NULL },
		{ "mqueue/in", "mqueue::in", "mqueue in", "mqueue.in.late",
		    "mqueue_in_late", NULL },
	};
	struct result *root;
	const char *label;
	size_t i, k, l;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		root = labels(rows[i], count_names(rows[i]));
		for (k = 0; k < root->nperf; k++) {
			label = root->perf[k].label;
			assert_in_range(strlen(label), 1, 19);
			assert_in_range(label[0], 'a', 'z');
			assert_int_equal(
			    strspn(label,
				"abcdefghijklmnopqrstuvwxyz0123456789_"),
			    strlen(label));
			for (l = 0; l < k; l++)
				assert_string_not_equal(label,
				    root->perf[l].label);
		}
		result_free(root);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test_setup(test_unknown, setup),
		cmocka_unit_test_setup(test_keep, setup),
		cmocka_unit_test_setup(test_labels, setup),
		cmocka_unit_test_setup(test_labels_any_order, setup),
		cmocka_unit_test_setup(test_labels_distinct, setup),
	};

	return UNIT_RUN(tests);
}
