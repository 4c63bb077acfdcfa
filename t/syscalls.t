#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# syscalls.t - least privilege: the system calls, files, sockets and programs
# of each program are among those that its manual page admits
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Flush;
use MQ::Net;
use MQ::Trace;
use Test::More;

BEGIN { need('strace') }

my $dir = tempdir();
my $queue = "$dir/mqueue";
my $report = "$dir/report";
my @q = ('-q', $queue);

# --- what is allowed ---------------------------------------------------------

# A call that is in no group of a program fails its test. Some are there under
# two names, as processors differ.
my %group = (
	# The C library until main(), memory, the answer, the end.
	libc => 'access arch_prctl brk clock_gettime close execve exit_group faccessat fcntl
	    futex getrandom lseek mmap mprotect munmap newfstatat openat
	    pread64 prlimit64 read rseq rt_sigaction rt_sigprocmask
	    set_robust_list set_tid_address uname write',
	# AddressSanitizer's, where the build has it.
	asan => 'clone exit getpid gettid madvise open prctl readlink readlinkat
	    sched_getaffinity sched_yield sigaltstack',
	list => 'getdents64',
	# faccessat(3) with AT_EACCESS
	rights => 'faccessat2 getegid geteuid getgid getuid',
	# qsort(3) asks for the size of the memory.
	control => 'preadv2 fadvise64 getpid sysinfo',
	threads => 'clone3 clone exit madvise sched_getaffinity unshare',
	alarm => 'alarm setitimer rt_sigreturn getpid',
	keep => 'fchmod geteuid getpid mkdir mkdirat renameat renameat2
	    unlinkat',
	lock => 'flock',
	terminal => 'ioctl',
	client => 'connect getsockopt poll ppoll recvfrom socket',
	# getaddrinfo(3), getifaddrs(3)
	names => 'bind connect getsockname getpid ioctl newfstatat poll ppoll
	    recvfrom recvmmsg recvmsg sendmmsg sendto setsockopt socket',
	served => 'getsockname getsockopt poll ppoll recvfrom sendto shutdown',
	change => 'fchmod fchown fdatasync fsync geteuid getpid getuid linkat
	    mkdir mkdirat pwrite64 readlink readlinkat renameat renameat2
	    sync_file_range syncfs unlinkat utimensat',
	wait => 'clock_nanosleep rt_sigreturn',
	child => 'clone clone3 dup2 dup3 pipe2 poll ppoll kill wait4
	    rt_sigreturn setpgid setsid pselect6 vfork waitid',
	# libevent
	event => 'epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd2
	    getegid geteuid getgid getuid timerfd_create timerfd_settime
	    pipe2 rt_sigreturn sendto writev readv ioctl',
);
my $asan = slurp(builddir() . '/config.status') =~ /-fsanitize=address/;

# What no program does, in a group or not.
my @never = qw(setuid setgid setreuid setregid setresuid setresgid setfsuid
    setfsgid setgroups capset chroot mount ptrace bpf init_module
    chown fchownat lchown chmod fchmodat mknod mknodat accept accept4 listen);

my $state = qr{$dir/state(/.*)?};
my $new_report = qr{$dir/cache(/.*)?};
my $journal = qr{$dir/journal};
# A control file, also one without a name, or that is on its way.
my $control = qr{$queue/(?:[qh]f\w+|\.qflush-.*|\#\d+)};
my $body = qr{$queue/[dtx]f\w+};
my $moved = qr{$dir/moved(/.*)?};
my $map = qr{$dir/(?:access(\.db|\.qblock\.bak)?|\.new\.qblock(\.db)?)};

# --- one run -----------------------------------------------------------------

# outside(\@paths, @allowed): those that none of the patterns is all of.
sub outside {
	my ($paths, @allowed) = @_;
	my %seen;
	return [grep { my $p = $_; !grep { $p =~ /\A$_\z/ } @allowed }
	    grep { !$seen{$_}++ } @$paths];
}

# judge($name, \%may): what the last trace shows. may: calls (names of groups),
# changes (patterns of paths that may be written, made, renamed, removed),
# sockets (families), execs (the programs, in their order).
sub judge {
	my ($name, $may) = @_;
	my $t = read_trace("$dir/trace");
	my %ok = map { $_ => 1 } map { split ' ', $group{$_} }
	    'libc', $asan ? 'asan' : (), split ' ', $may->{calls};
	is_deeply([grep { !$ok{$_} } sort keys %{$t->{calls}}], [],
	    "$name: no other system call");
	is_deeply([grep { $t->{calls}{$_} } @never], [],
	    '... none that takes or gives rights');
	is_deeply(outside([@{$t->{written}}, @{$t->{changed}}],
	    @{$may->{changes} // []}), [], '... no other file is changed');
	is_deeply([grep { m{/df[^/]*\z} } map { $_ // '' } @{$t->{opened}}],
	    [], '... no body is opened');
	my (undef, @execs) = @{$t->{execs}};
	is_deeply(\@execs, $may->{execs} // [], '... no other program');
	my %family = map { $_ => 1 } split ' ', $may->{sockets} // '';
	is_deeply([grep { !$family{$_} } @{$t->{sockets}}], [],
	    '... no other socket');
	return $t;
}

# traced($name, \%may, $program, @arguments): its exit status has to be
# $may->{code}, or 0.
sub traced {
	my ($name, $may, $program, @args) = @_;
	# LeakSanitizer can't work below strace.
	my $r = run({env => {ASAN_OPTIONS => 'detect_leaks=0', MACHINE =>
	    'mx1'}}, strace_command("$dir/trace"), program($program),
	    @args);
	is($r->{code}, $may->{code} // 0, $name) or diag $r->{out}, $r->{err};
	return judge($name, $may);
}

sub reporting {
	return double(sub { print {$_[0]} slurp($report) });
}

# --- the plugins -------------------------------------------------------------

# Enough for threads, where there are processors.
flood_queue($queue, 350, 100);
spew("$queue/qfKAA12345", '');
run({env => {}}, program('mqreport'), @q, '--relays', 5, '--output',
    $report);

my $mqueue = 'check_mqueue';
my %state = (changes => [$state]);
traced('check_mqueue', {calls => 'list alarm keep', %state}, $mqueue, @q,
    '--state-dir', "$dir/state");
traced('check_mqueue, no history', {calls => 'list alarm keep'}, $mqueue, @q,
    '--state-dir', '/proc/none');
traced('check_mqueue --list-queues', {calls => 'list alarm', code => 3},
    $mqueue, '--list-queues', '--root', "$dir/none");
# A message whose body is gone is looked at twice, and not opened.
my $stray = "$dir/apart/stray";
run('mkdir', '-p', "$stray/qf");
make_message($stray, split => 1, age => 3600, type => 'hf', body => undef);
make_message($stray, age => 3600, body => undef);
rmdir "$stray/df" or die "$stray/df: $!\n";
traced('check_mqueue, stranded messages', {calls => 'list alarm keep wait',
    %state, code => 1}, $mqueue, '-q', $stray, '--state-dir', "$dir/state");
traced('check_mqueue --list-queues, stranded messages', {calls =>
    'list control alarm wait rights'}, $mqueue, '-q', $stray, '--list-queues');
traced('check_mqueue -H', {calls => 'alarm keep list client', %state,
    sockets => 'AF_INET'}, $mqueue, '-H', reporting(), '--state-dir',
    "$dir/state");
traced('check_mqueue -H, by name', {calls => 'alarm keep client names',
    code => 3, sockets => 'AF_INET AF_INET6 AF_UNIX AF_NETLINK'}, $mqueue,
    '-H', 'localhost:1');

my $relayflood = 'check_relayflood';
my $reads = 'list control threads alarm';
traced('check_relayflood', {calls => $reads, code => 2}, $relayflood, @q);
traced('check_relayflood --by', {calls => $reads, code => 2}, $relayflood, @q,
    '--by', 'sender-domain', '-t', 5);
traced('check_relayflood --list-queues', {calls => $reads, code => 3},
    $relayflood, '--list-queues', '--root', "$dir/none");
traced('check_relayflood --merge', {calls => 'alarm client threads',
    code => 2, sockets => 'AF_INET'}, $relayflood, '--merge', reporting());

# --- tools that read -----------------------------------------------------------

traced('mqreport', {calls => 'list alarm served'}, 'mqreport', @q);
my @cached = ('--relays', 3, '--cache-dir', "$dir/cache");
my %cache = (calls => "$reads keep lock served", changes => [$new_report]);
traced('mqreport --relays --cache', \%cache, 'mqreport', @q, @cached,
    '--cache', '1m');
traced('mqreport --openmetrics --output', {calls => 'list alarm keep served',
    changes => [qr{$dir/(x\.prom|\.x\.prom\.\d+)}]}, 'mqreport', @q,
    '--openmetrics', '--output', "$dir/x.prom");
{
	local $ENV{ASAN_OPTIONS} = 'detect_leaks=0';
	my ($text, $code) = answer(strace_command("$dir/trace"), program('mqreport'), @q, @cached, '--cache', '0');
	is($code, 0, 'mqreport for a client');
	like($text, qr/^end$/m, '... which has all of it');
	judge('mqreport for a client', \%cache);
}

my $qstat = 'list control threads terminal';
for my $args ([], ['--json', '--by', 'sender'], ['-t', 5, '--ages'],
    ['--messages', SPAMMER], ['--show', 'KAA12345']) {
	traced("qstat @$args", {calls => $qstat}, 'qstat', @q, @$args);
}

# --- qflush --------------------------------------------------------------------

my @flush = ('qflush', @q, '--journal', "$dir/journal");
my $flush = "$qstat lock change";
traced('qflush', {calls => $flush}, @flush, SPAMMER);
my %flush = (calls => $flush, changes => [$journal, $control]);
my @all = ('--yes', '--max', '100%');
# What was held or released stays locked for a moment.
$flush{calls} = "$flush wait";
traced('qflush --hold', \%flush, @flush, SPAMMER, @all);
traced('qflush --release', \%flush, @flush, '--release', SPAMMER, '--yes');
my %out = (calls => $flush, changes => [$journal, $control, $body, $moved]);
traced('qflush --move', \%out, @flush, '--move', "$dir/moved", @all, SPAMMER);
traced('qflush --restore', \%out, @flush, '--restore', "$dir/moved", '--yes');
traced('qflush --delete', {%out, calls => "$flush wait"}, @flush, '--delete',
    @all, SPAMMER, '--rescan', 2, '--pause', '1s');

# --- qblock --------------------------------------------------------------------

my ($real) = grep { -x } '/usr/sbin/makemap';
my $makemap = $real // srcdir() . '/t/lib/makemap';
my @map = ('--map', "$dir/access", '--makemap', $makemap);
spew("$dir/access", "Connect:mx.example RELAY\n");
run({stdin => slurp("$dir/access")}, $makemap, 'hash', "$dir/access");

# How often a program is run, at least once, is not what this is about.
sub qblock {
	my ($may, @args) = @_;
	my $r = run({env => {ASAN_OPTIONS => 'detect_leaks=0'}},
	    strace_command("$dir/trace"), program('qblock'), @args,
	    @map);
	is($r->{code}, $may->{code} // 0, "qblock @args") or diag $r->{err};
	my $n = () = slurp("$dir/trace") =~ /execve\("\Q$makemap\E"/g;
	judge("qblock @args", {sockets => 'AF_UNIX AF_NETLINK', %$may,
	    execs => [($makemap) x ($may->{alone} ? 0 : $n || 1)]});
}
my $ask = 'child names change terminal';
my %block = (calls => "$ask lock", changes => [$map]);
qblock({calls => $ask}, 'add', SPAMMER);
qblock(\%block, 'add', SPAMMER, '--yes');
qblock({calls => $ask, alone => 1, sockets => ''}, 'list');
# A name that is not known might be let in by the file, which has names.
qblock({calls => $ask, sockets => '', code => 1}, 'check', SPAMMER);
# It looks for the host's name in queues, as qstat reads them.
qblock({calls => "$ask list control threads", sockets => '', code => 1},
    'check', SPAMMER, @q);
qblock({calls => "$ask list control threads", alone => 1}, 'add', SPAMMER,
    @q);
qblock(\%block, 'remove', SPAMMER, '--yes');
qblock({%block, alone => 1}, 'expire', '--yes');

# --- programs that run others ------------------------------------------------

my @plugin = (program($mqueue), @q, '--state-dir', "$dir/state");
my $bbext = {calls => 'child', changes => [qr{/dev/null}],
    execs => [$plugin[0]]};
traced('bb-ext --print', $bbext, 'bb-ext', '--print', @plugin);
my $display = double(sub { local $/; my $status = readline $_[0] });
traced('bb-ext --display', {%$bbext, sockets => 'AF_INET', calls =>
    'child client served'}, 'bb-ext', "--display=$display", @plugin);
traced('bb-ext --install-wrapper', {calls => 'keep',
    changes => [qr{/dev/null}, qr{$dir/(w\.sh|\.w\.sh\.\d+)}]},
    'bb-ext', '--install-wrapper', "$dir/w.sh", '--', $plugin[0]);

SKIP: {
	skip 'this build has no mqc', 1
	    if lacks(-x program('mqc'), 'mqc in this build');
	my $cat = (grep { -x } '/bin/cat', '/usr/bin/cat')[0];
	# libevent tries out which families there are by a socket.
	my %mqc = (calls => 'event client child', sockets =>
	    'AF_INET AF_INET6');
	traced('mqc, by TCP', {%mqc, changes => [qr{$dir/record}]},
	    'mqc', '--once', '--record', "$dir/record", reporting());
	traced('mqc, a command', {%mqc, execs => [$cat]}, 'mqc',
	    '--once', "mx1 = exec: $cat $report");
	traced('mqc --replay', {calls => 'event', sockets => ''}, 'mqc',
	    '--replay', "$dir/record", '--speed', 0);
}

# --- what is installed -------------------------------------------------------

my $make = run('make', '-s', '-C', builddir(), 'install',
    "DESTDIR=$dir/installed");
is($make->{code}, 0, 'make install') or diag $make->{err};
my @files = split /\n/, run('find', "$dir/installed", '-type', 'f')->{out};
cmp_ok(scalar @files, '>', 40, '... installs files');
is_deeply([grep { (stat)[2] & 06022 } @files], [],
    '... none setuid, setgid, or for all to write to');
unlike(slurp(builddir() . '/Makefile'), qr/setcap/,
    '... and no step of it gives a capability');
done_testing;
