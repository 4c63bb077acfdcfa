/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_reader.c - control files that change while they are read */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#endif
#include <unistd.h>

#include "tree.h"

#include "base/when.h"
#include "look/reader.h"
#include "mta/sendmail/sendmail.h"

#define FILES 40

/* A queue, its names as they were listed, and what the reader made of them. */
struct fixture {
	struct queue_list list;
	struct lister lister;
	struct lister_entry entry[LISTER_BLOCK];
	size_t n;
	struct reader reader;
	unsigned int relay[256]; /* messages, by last octet */
	int answer;              /* of done */
};

static int64_t arrival; /* of the last message */
static enum dated dated;

static int
on_done(void *arg, const struct lister *l, const struct lister_entry *e,
    const struct envelope *env)
{
	struct fixture *f = arg;

	(void)l;
	(void)e;
	f->relay[env->relay.addr.b[15]]++;
	arrival = env->arrival;
	dated = env->dated;
	return f->answer;
}

static void
make(const char *path, unsigned int relay)
{
	char text[200];

	snprintf(text, sizeof(text),
	    "V8\nT1795342500\n$_[192.0.2.%u]\n"
	    "S<a@b.example>\nRPFD:<c@d.example>\n.\n",
	    relay);
	tree_write(path, text);
}

static void
make_queue(void)
{
	char path[40];
	unsigned int i;

	for (i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "q/qf6AMAF0aA0041%02u", i);
		make(path, 1);
	}
}

/* Lists all of q. */
static void
start(struct fixture *f)
{
	*f = (struct fixture){
		.list = QUEUE_LIST_INIT,
		.reader = { .clock = &when_system, .done = on_done, .arg = f },
	};
	assert_int_equal(queue_list_add_spec(&f->list, &sendmail_mta, "q"), 0);
	assert_int_equal(lister_open(&f->lister, &f->list.v[0], 0,
			     &f->list.v[0].dirs[0], sendmail_mta.dirs, 0,
			     false),
	    0);
	f->n = lister_next(&f->lister, f->entry);
	assert_int_equal(reader_init(&f->reader, 2 * FILES, sendmail_mta.most),
	    0);
}

static int
read_all(struct fixture *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (reader_start(&f->reader, &f->lister, &f->entry[i]) != 0)
			return -1;
	return 0;
}

static void
end(struct fixture *f)
{
	reader_free(&f->reader);
	lister_close(&f->lister);
	queue_list_free(&f->list);
}

/* Between the listing and the look at them, files become something else. */
static void
test_replaced(void **state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX,
		.sun_path = "q/qf6AMAF0aA004105" };
	struct fixture f;
	int fd;

	(void)state;
	make_queue();
	start(&f);
	assert_int_equal(f.n, FILES);
	assert_int_equal(unlink("q/qf6AMAF0aA004101"), 0);
	assert_int_equal(unlink("q/qf6AMAF0aA004102"), 0);
	assert_int_equal(mkfifo("q/qf6AMAF0aA004102", 0644), 0);
	assert_int_equal(unlink("q/qf6AMAF0aA004103"), 0);
	assert_int_equal(symlink("qf6AMAF0aA004100", "q/qf6AMAF0aA004103"), 0);
	assert_int_equal(unlink("q/qf6AMAF0aA004104"), 0);
	tree_make("q/qf6AMAF0aA004104/");
	assert_int_equal(unlink("q/qf6AMAF0aA004105"), 0);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(fd);
	make("new", 2);
	assert_int_equal(rename("new", "q/qf6AMAF0aA004106"), 0);
	assert_int_equal(read_all(&f), 0);
	assert_int_equal(reader_drain(&f.reader), 0);
	assert_int_equal(f.reader.count.started, FILES);
	assert_int_equal(f.reader.count.vanished, 5);
	assert_int_equal(f.reader.count.unreadable, 0);
	assert_int_equal(f.reader.count.read, FILES - 5);
	assert_int_equal(f.relay[1], FILES - 6);
	assert_int_equal(f.relay[2], 1);
	end(&f);
}

static unsigned int
open_descriptors(void)
{
	unsigned int n = 0;
	int fd;

	for (fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

/* Out of the page cache, so that files are set aside. */
static void
forget(const struct fixture *f)
{
	size_t i;
	int fd;

	sync();
	for (i = 0; i < f->n; i++) {
		fd = openat(f->lister.fd, f->entry[i].name, O_RDONLY);
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		close(fd);
	}
}

/* A thread that has to give up leaves no descriptor to another one. */
static void
test_given_up(void **state)
{
	unsigned int before;
	struct fixture f;

	(void)state;
	make_queue();
	start(&f);
	forget(&f);
	before = open_descriptors();
	f.answer = -1;
	(void)read_all(&f);
	/* 0 only if nothing was set aside: a file system in memory. */
	assert_true(f.reader.parked == 0 || reader_drain(&f.reader) == -1);
	assert_int_equal(f.reader.parked, 0);
	assert_int_equal(open_descriptors(), before);
	end(&f);
}

static int64_t
clock_mono(void *arg)
{
	int64_t *looks = arg;

	return ++*looks;
}

/* As long as those before took, a millisecond each. */
static void
test_backlog(void **state)
{
	int64_t looks = 0;
	struct when_clock clock = { clock_mono, clock_mono, &looks };
	struct fixture f;

	(void)state;
	make_queue();
	start(&f);
	assert_int_equal(reader_backlog(&f.reader), 0);
	f.reader.clock = &clock;
	f.reader.nslots = 4;
	forget(&f);
	assert_int_equal(read_all(&f), 0);
	/* Nothing is set aside on a file system in memory. */
	assert_in_range(f.reader.parked, 0, 4);
	assert_int_equal(reader_backlog(&f.reader), f.reader.parked);
	assert_int_equal(reader_drain(&f.reader), 0);
	assert_int_equal(reader_backlog(&f.reader), 0);
	assert_int_equal(f.relay[1], FILES);
	end(&f);
}

static int64_t
clock_wall(void *arg)
{
	return *(int64_t *)arg;
}

/* A time that can't be true is none, and it is told why. */
static void
test_dates(void **state)
{
	static const struct {
		int64_t now, arrival;
		enum dated dated;
	} rows[] = {
		{ 1795342500, 1795342500, DATED_FINE },
		{ 1795342500 - 60, 1795342500, DATED_FINE },
		{ 1795342500 - 61, -1, DATED_FUTURE },
		{ 1795342500 + DATED_LONGEST, 1795342500, DATED_FINE },
		{ 1795342500 + DATED_LONGEST + 1, -1, DATED_NEVER },
	};
	struct when_clock clock = { clock_wall, clock_wall, NULL };
	struct fixture f;
	int64_t now;
	size_t i;

	(void)state;
	make("q/qf6AMAF0aA004101", 1);
	for (i = 0; i < ROWS(rows); i++) {
		start(&f);
		now = rows[i].now;
		clock.arg = &now;
		f.reader.clock = &clock;
		assert_int_equal(read_all(&f), 0);
		assert_int_equal(reader_drain(&f.reader), 0);
		assert_int_equal(f.relay[1], 1);
		if (arrival != rows[i].arrival || dated != rows[i].dated)
			fail_msg("row %zu", i);
		end(&f);
	}
}

/* What the listing could not tell; root alone may make a device. */
static void
test_unsure(void **state)
{
	struct fixture f;

	(void)state;
	make_queue();
	start(&f);
	f.n = 1;
	f.entry[0].unsure = true;
	assert_int_equal(read_all(&f), 0);
	assert_int_equal(unlinkat(f.lister.fd, f.entry[0].name, 0), 0);
	if (mknodat(f.lister.fd, f.entry[0].name, S_IFCHR | 0644,
		makedev(1, 3)) == 0) {
		assert_int_equal(read_all(&f), 0);
		assert_int_equal(f.reader.count.vanished, 1);
	}
	assert_int_equal(reader_drain(&f.reader), 0);
	assert_int_equal(f.reader.count.read, 1);
	end(&f);
}

/* Without a descriptor, nothing is waited for past the deadline. */
static void
test_starved(void **state)
{
	struct when_deadline deadline = { &when_system, 0 };
	struct rlimit old, none;
	struct fixture f;
	int rc;

	(void)state;
	make_queue();
	start(&f);
	f.reader.deadline = &deadline;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	f.n = 3;
	rc = read_all(&f);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(rc, 0);
	assert_int_equal(f.reader.starved, 0);
	assert_int_equal(f.reader.count.unreadable, 3);
	assert_int_equal(f.reader.count.error, EMFILE);

	/* With one, they can be read. */
	assert_int_equal(read_all(&f), 0);
	assert_int_equal(reader_drain(&f.reader), 0);
	assert_int_equal(f.reader.count.read, 3);
	end(&f);
}

/* The example of what can't be read does not depend on who met it first. */
static void
test_example(void **state)
{
	static const struct queue_dir dir = { .path = NULL };
	static const char *const names[] = { "qf2", "qf1", "qf3" };
	struct reader_count one, sum;
	unsigned int i, first;

	(void)state;
	for (first = 0; first < ROWS(names); first++) {
		sum = (struct reader_count){ 0 };
		reader_count_add(&sum, &(struct reader_count){ .read = 1 });
		assert_null(sum.failed_dir);
		for (i = 0; i < ROWS(names); i++) {
			one = (struct reader_count){
				.failed_dir = &dir,
				.error = (int)((first + i) % 3) + 1,
			};
			snprintf(one.failed_name, sizeof(one.failed_name), "%s",
			    names[(first + i) % 3]);
			reader_count_add(&sum, &one);
		}
		reader_count_add(&sum, &(struct reader_count){ .read = 1 });
		assert_string_equal(sum.failed_name, "qf1");
		assert_int_equal(sum.error, 2);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_replaced),
		TREE_TEST(test_given_up),
		TREE_TEST(test_backlog),
		TREE_TEST(test_dates),
		TREE_TEST(test_unsure),
		TREE_TEST(test_starved),
		cmocka_unit_test(test_example),
	};

	return UNIT_RUN(tests);
}
