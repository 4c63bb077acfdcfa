/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_queue.c - named sets of queue directories */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "base/buf.h"
#include "mail/queue.h"
#include "mta/sendmail/sendmail.h"

/* "name(role):dir,dir;name..."; a directory's errno as "!ENOENT". */
static void
show_list(const struct queue_list *list, struct buf *b)
{
	const struct queue *q;
	const struct queue_dir *d;
	size_t i, j;

	buf_truncate(b, 0);
	for (i = 0; i < list->n; i++) {
		q = &list->v[i];
		buf_addf(b, "%s%s(%s):", i == 0 ? "" : "; ", q->name,
		    queue_role_name(q->role));
		for (j = 0; j < q->ndirs; j++) {
			d = &q->dirs[j];
			buf_addf(b, "%s%s", j == 0 ? "" : ",", d->path);
			if (d->error != 0)
				buf_addf(b, "!%s",
				    d->error == ENOENT ? "ENOENT" :
					d->error == ENOTDIR ?
							 "ENOTDIR" :
							 strerror(d->error));
		}
	}
}

static void
assert_list(const struct queue_list *list, const char *want)
{
	struct buf b = BUF_INIT;

	show_list(list, &b);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

/* Adds one path under a name; errno, or 0. */
static int
add(struct queue_list *list, const char *name, const char *path)
{
	return queue_list_add(list, &sendmail_mta, name, QUEUE_OUT, "test",
		   &path, 1) == 0 ?
	    0 :
	    errno;
}

static int
add_spec(struct queue_list *list, const char *spec)
{
	return queue_list_add_spec(list, &sendmail_mta, spec) == 0 ? 0 : errno;
}

static void
test_roles(void **state)
{
	static const struct {
		const char *name;
		enum queue_role role;
	} rows[] = {
		{ "mqueue.in", QUEUE_IN },
		{ ".in", QUEUE_IN },
		{ "x.in", QUEUE_IN },
		{ "mqueue.in.in", QUEUE_IN },
		{ "mqueue", QUEUE_OUT },
		{ "in", QUEUE_OUT },
		{ "main", QUEUE_OUT },
		{ "mqueue.in2", QUEUE_OUT },
		{ "mqueue.IN", QUEUE_OUT },
		{ "", QUEUE_OUT },
		{ "clientmqueue", QUEUE_CLIENT },
		{ "mqueue-client", QUEUE_CLIENT },
		{ "mqueue-client2", QUEUE_OUT },
		{ "xclientmqueue", QUEUE_OUT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		if (queue_role_of(rows[i].name) != rows[i].role)
			fail_msg("'%s' is %s", rows[i].name,
			    queue_role_name(queue_role_of(rows[i].name)));
	assert_string_equal(queue_role_name(QUEUE_IN), "in");
	assert_string_equal(queue_role_name(QUEUE_OUT), "out");
	assert_string_equal(queue_role_name(QUEUE_CLIENT), "client");
}

static void
test_plain(void **state)
{
	static const char *const both[] = { "b", "a", "b/", "./a" };
	struct queue_list list = QUEUE_LIST_INIT;
	const struct queue *q;
	struct stat st;

	(void)state;
	TREE_MAKE("a/", "b/", "file");
	assert_int_equal(queue_list_add(&list, &sendmail_mta, "two",
			     QUEUE_CLIENT, "who", both, 4),
	    0);
	assert_int_equal(add(&list, NULL, "none"), 0);
	assert_int_equal(add(&list, NULL, "file"), 0);
	assert_int_equal(add(&list, "below", "file/x"), 0);
	assert_list(&list,
	    "two(client):b,a; none(out):none!ENOENT; "
	    "file(out):file!ENOTDIR; below(out):file/x!ENOTDIR");
	q = queue_list_find(&list, "two");
	assert_ptr_equal(q, list.v);
	assert_string_equal(q->source, "who");
	assert_int_equal(stat("b", &st), 0);
	assert_true(q->dirs[0].dev == st.st_dev);
	assert_true(q->dirs[0].ino == st.st_ino);
	assert_null(queue_list_find(&list, "tw"));
	assert_null(queue_list_find(&list, "two "));
	queue_list_free(&list);
	assert_int_equal(list.n, 0);
	assert_null(list.v);
}

static void
make_wild(void)
{
	TREE_MAKE("mq/q1/", "mq/q2/", "mq/q10/", "mq/qnot/", "mq/r1/", "mq/Q1/",
	    "mq/.qh/", "elsewhere/", "mq/qfile");
	assert_int_equal(symlink("../elsewhere", "mq/qlink"), 0);
	assert_int_equal(symlink("q1", "mq/r-to-q1"), 0);
	assert_int_equal(symlink("nowhere", "mq/qdangling"), 0);
	assert_int_equal(symlink("qfile", "mq/qfilelink"), 0);
}

static void
test_wildcard(void **state)
{
	static const char *const rows[][2] = {
		{ "mq/q*", "mq(out):mq/q1,mq/q10,mq/q2,mq/qlink,mq/qnot" },
		{ "mq/q1*", "mq(out):mq/q1,mq/q10" },
		{ "mq/ql*", "mq(out):mq/qlink" },
		/* Directories of any name but . and .., hidden ones too. */
		{ "mq/.*", "mq(out):mq/.qh" },
		{ "mq/Q*", "mq(out):mq/Q1" },
		/* No directory of that name: the base itself. */
		{ "mq/x*", "mq(out):mq" },
		{ "mq/qf*", "mq(out):mq" },
		{ "mq/qd*", "mq(out):mq" },
		{ "mq/r1/*", "r1(out):mq/r1" },
		/* Only a final * is one; other patterns are plain names. */
		{ "mq/q?", "q?(out):mq/q?!ENOENT" },
		{ "mq/*1", "*1(out):mq/*1!ENOENT" },
		{ "m*/q1", "q1(out):m*/q1!ENOENT" },
		{ "mq/[q]*", "mq(out):mq" },
		/* The base is not there, or is a file. */
		{ "none/q*", "none(out):none!ENOENT" },
		{ "mq/qfile/q*", "qfile(out):mq/qfile!ENOTDIR" },
		{ "else*", ".(out):./elsewhere" },
	};
	struct queue_list list = QUEUE_LIST_INIT;
	size_t i;

	(void)state;
	make_wild();
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(add(&list, NULL, rows[i][0]), 0);
		assert_list(&list, rows[i][1]);
		queue_list_free(&list);
	}
}

/* By device and inode: within a queue, and across queues. */
static void
test_duplicates(void **state)
{
	static const char *const one[] = { "mq/q1", "mq/q*" };
	static const char *const known[] = { "mq/q2", "mq/r-to-q1", "mq/r1" };
	struct queue_list list = QUEUE_LIST_INIT;

	(void)state;
	make_wild();
	assert_int_equal(symlink("elsewhere", "link"), 0);
	assert_int_equal(queue_list_add(&list, &sendmail_mta, "m", QUEUE_OUT,
			     "s", one, 2),
	    0);
	assert_list(&list, "m(out):mq/q1,mq/q10,mq/q2,mq/qlink,mq/qnot");
	assert_int_equal(add(&list, "x", "mq/q*"), EEXIST);
	assert_int_equal(add(&list, "x", "mq/../mq/q1"), EEXIST);
	assert_int_equal(add(&list, "x", "mq/r-to-q1"), EEXIST);
	assert_int_equal(add(&list, "x", "elsewhere"), EEXIST);
	assert_int_equal(add(&list, "x", "link/"), EEXIST);
	assert_int_equal(list.n, 1);
	assert_int_equal(queue_list_add(&list, &sendmail_mta, "rest", QUEUE_OUT,
			     "s", known, 3),
	    0);
	/* Only the base is new: its directories are all there. */
	assert_int_equal(add(&list, "base", "mq"), 0);
	assert_list(&list,
	    "m(out):mq/q1,mq/q10,mq/q2,mq/qlink,mq/qnot; "
	    "rest(out):mq/r1; base(out):mq");
	/* Nothing matches, so it is the base; and that is known. */
	assert_int_equal(add(&list, "x", "mq/x*"), EEXIST);
	assert_int_equal(add(&list, "gone", "none"), 0);
	assert_int_equal(add(&list, "x", "none"), EEXIST);
	assert_int_equal(list.n, 4);
	queue_list_free(&list);

	/* A link and its directory match: one of them. */
	assert_int_equal(add(&list, "x", "mq/*"), 0);
	assert_int_equal(list.v[0].ndirs, 8);
	queue_list_free(&list);
	assert_int_equal(queue_list_add(&list, &sendmail_mta, "x", QUEUE_OUT,
			     "s", known, 0),
	    -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(list.n, 0);
}

static void
test_names(void **state)
{
	struct queue_list list = QUEUE_LIST_INIT;

	(void)state;
	TREE_MAKE("a/mqueue/", "b/mqueue/", "c/b/mqueue/", "d/mqueue/q1/",
	    "x/y/");
	assert_int_equal(add(&list, NULL, "a/mqueue"), 0);
	assert_int_equal(add(&list, NULL, "b/mqueue"), 0);
	assert_int_equal(add(&list, NULL, "c/b/mqueue/"), 0);
	assert_int_equal(add(&list, NULL, "d/mqueue/q*"), 0);
	assert_int_equal(add(&list, "a/mqueue2", "x"), 0);
	assert_list(&list,
	    "mqueue(out):a/mqueue; b/mqueue(out):b/mqueue; "
	    "c/b/mqueue(out):c/b/mqueue/; d/mqueue(out):d/mqueue/q1; "
	    "a/mqueue2(out):x");
	assert_int_equal(add(&list, NULL, "x/y//"), 0);
	assert_string_equal(list.v[5].name, "y");
	/* No longer name can be made: nothing is added. */
	tree_make("mqueue/");
	assert_int_equal(add(&list, NULL, "mqueue"), EEXIST);
	assert_int_equal(list.n, 6);
	queue_list_free(&list);

	assert_int_equal(add(&list, NULL, "/"), 0);
	assert_list(&list, "/(out):/");
	queue_list_free(&list);
}

static void
test_spec(void **state)
{
	static const struct {
		const char *spec;
		int error;
		const char *shown;
	} rows[] = {
		{ "mqueue", 0, "mqueue(out):mqueue" },
		{ "./mqueue.in", 0, "mqueue.in(in):./mqueue.in" },
		{ "mqueue.in/q*", 0, "mqueue.in(in):mqueue.in" },
		{ "clientmqueue/", 0, "clientmqueue(client):clientmqueue/" },
		{ "name=mqueue", 0, "name(out):mqueue" },
		{ "x.in=mqueue", 0, "x.in(in):mqueue" },
		{ "clientmqueue=mqueue", 0, "clientmqueue(client):mqueue" },
		{ "n=./a=b", 0, "n(out):./a=b" },
		{ "./a=b", 0, "a=b(out):./a=b" },
		{ "a b=mqueue", 0, "a b(out):mqueue" },
		{ "n==mqueue", 0, "n(out):=mqueue!ENOENT" },
		{ "n=none", 0, "n(out):none!ENOENT" },
		{ "", EINVAL, "" },
		{ "=", EINVAL, "" },
		{ "=mqueue", EINVAL, "" },
		{ "n=", EINVAL, "" },
	};
	struct queue_list list = QUEUE_LIST_INIT;
	int error;
	size_t i;

	(void)state;
	TREE_MAKE("mqueue/", "mqueue.in/", "clientmqueue/", "a=b/");
	for (i = 0; i < ROWS(rows); i++) {
		error = add_spec(&list, rows[i].spec);
		if (error != rows[i].error)
			fail_msg("'%s': %s", rows[i].spec, strerror(error));
		assert_list(&list, rows[i].shown);
		if (error == 0)
			assert_string_equal(list.v[0].source, "-q");
		queue_list_free(&list);
	}
}

static void
test_spec_exists(void **state)
{
	struct queue_list list = QUEUE_LIST_INIT;

	(void)state;
	TREE_MAKE("a/mqueue/", "b/mqueue/", "c/");
	assert_int_equal(add_spec(&list, "x=a/mqueue"), 0);
	assert_int_equal(add_spec(&list, "x=b/mqueue"), EEXIST);
	assert_int_equal(add_spec(&list, "y=a/mqueue"), EEXIST);
	assert_int_equal(add_spec(&list, "a/mqueue"), EEXIST);
	/* Without a NAME the second gets another one. */
	assert_int_equal(add_spec(&list, "mqueue=c"), 0);
	assert_int_equal(add_spec(&list, "b/mqueue"), 0);
	assert_list(&list,
	    "x(out):a/mqueue; mqueue(out):c; "
	    "b/mqueue(out):b/mqueue");
	queue_list_free(&list);
}

/* Names and NAMEs, in each order: always the same ones. */
static void
test_spec_any_order(void **state)
{
	static const char *const specs[] = { "b/mqueue", "a/mqueue",
		"c/x/mqueue", "mqueue=d", "a/x/mqueue" };
	static const struct {
		const char *path, *name;
	} rows[] = {
		{ "a/mqueue", "a/mqueue" },
		{ "a/x/mqueue", "x/mqueue" },
		{ "b/mqueue", "b/mqueue" },
		{ "c/x/mqueue", "c/x/mqueue" },
		{ "d", "mqueue" },
	};
	struct queue_list list;
	size_t order, left, i, k, n;
	const char *rest[ROWS(specs)];

	(void)state;
	TREE_MAKE("a/mqueue/", "a/x/mqueue/", "b/mqueue/", "c/x/mqueue/", "d/");
	for (order = 0; order < 120; order++) {
		list = (struct queue_list)QUEUE_LIST_INIT;
		memcpy(rest, specs, sizeof(rest));
		left = order;
		for (n = ROWS(specs); n != 0; n--) {
			i = left % n;
			left /= n;
			assert_int_equal(add_spec(&list, rest[i]), 0);
			rest[i] = rest[n - 1];
		}
		queue_list_sort(&list);
		for (k = 0; k < ROWS(rows); k++) {
			for (i = 0;
			     strcmp(list.v[i].dirs[0].path, rows[k].path) != 0;
			     i++)
				assert_true(i + 1 < list.n);
			assert_string_equal(list.v[i].name, rows[k].name);
		}
		for (i = 1; i < list.n; i++)
			assert_true(queue_compare(&list.v[i - 1], &list.v[i]) <
			    0);
		queue_list_free(&list);
	}
}

/* A name that was settled stays; whose was taken is called by its path. */
static void
test_rename(void **state)
{
	struct queue_list list = QUEUE_LIST_INIT;

	(void)state;
	TREE_MAKE("a/mqueue/", "b/q/", "c/", "d/q/");
	assert_int_equal(add(&list, "main", "a/mqueue"), 0);
	assert_int_equal(add(&list, NULL, "b/q"), 0);
	assert_int_equal(queue_list_rename(&list, 1, "main"), 0);
	assert_list(&list, "mqueue(out):a/mqueue; main(out):b/q");
	assert_int_equal(add_spec(&list, "main=c"), EEXIST);
	assert_int_equal(add_spec(&list, "mqueue=c"), 0);
	assert_int_equal(add_spec(&list, "d/q"), 0);
	assert_list(&list,
	    "a/mqueue(out):a/mqueue; main(out):b/q; mqueue(out):c; "
	    "q(out):d/q");
	queue_list_free(&list);
}

/* In, out, client; of a role by name. */
static void
test_sort(void **state)
{
	struct queue_list list = QUEUE_LIST_INIT;

	(void)state;
	TREE_MAKE("b.in/", "a.in/", "z/", "m/", "clientmqueue/");
	assert_int_equal(add_spec(&list, "clientmqueue"), 0);
	assert_int_equal(add_spec(&list, "z"), 0);
	assert_int_equal(add_spec(&list, "b.in"), 0);
	assert_int_equal(add_spec(&list, "m"), 0);
	assert_int_equal(add_spec(&list, "a.in"), 0);
	queue_list_sort(&list);
	assert_list(&list,
	    "a.in(in):a.in; b.in(in):b.in; m(out):m; z(out):z; "
	    "clientmqueue(client):clientmqueue");
	queue_list_free(&list);
}

static void
test_keep(void **state)
{
	struct queue_list list = QUEUE_LIST_INIT;

	(void)state;
	TREE_MAKE("a/", "b.in/", "c/", "d.in/");
	assert_false(queue_list_keep(&list, QUEUE_IN));
	assert_int_equal(add_spec(&list, "a"), 0);
	assert_false(queue_list_keep(&list, QUEUE_IN));
	assert_list(&list, "a(out):a");
	assert_int_equal(add_spec(&list, "b.in"), 0);
	assert_int_equal(add_spec(&list, "c"), 0);
	assert_int_equal(add_spec(&list, "d.in"), 0);
	assert_true(queue_list_keep(&list, QUEUE_IN));
	assert_list(&list, "b.in(in):b.in; d.in(in):d.in");
	assert_false(queue_list_keep(&list, QUEUE_OUT));
	assert_int_equal(list.n, 2);
	queue_list_free(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roles),
		TREE_TEST(test_plain),
		TREE_TEST(test_wildcard),
		TREE_TEST(test_duplicates),
		TREE_TEST(test_names),
		TREE_TEST(test_spec),
		TREE_TEST(test_spec_exists),
		TREE_TEST(test_spec_any_order),
		TREE_TEST(test_rename),
		TREE_TEST(test_sort),
		TREE_TEST(test_keep),
	};

	return UNIT_RUN(tests);
}
