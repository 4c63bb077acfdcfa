# SPDX-License-Identifier: GPL-3.0-or-later
# Lab.pm - what an administrator does to a machine, done in the lab and undone
#
# Installing the plugins and the samples where Debian has them, giving the
# monitor access to the queues, running a server in the foreground. When the
# test ends, servers are stopped and files are as they were. Everything is
# exported. A test begins with need('lab').
package MQ::Lab;
use strict;
use warnings;

use Exporter qw(import);
use File::Basename qw(basename dirname);
use Fcntl qw(:flock);
use IO::Socket::INET;
use MQ;
use MQ::Sendmail;
use POSIX ();

our @EXPORT = qw(plugin_dir at_end put put_link install hide run_ok
    install_plugins give_access mail_server add_client nrpe_server
    report_server server stop_server stop_servers free_port listeners exposed
    leftovers);

my $owner = $$;
my @undo;	# what to do at the end, last first
my @servers;
my %orphan_before = map { $_ => 1 } grep { _parent($_) == 1 } _pids();

# The lab is one machine: a test that changes it has it to itself.
my $lock;
if (defined $ENV{MQ_SCRATCH}) {
	open $lock, '>', "$ENV{MQ_SCRATCH}/lock" or die "lock: $!\n";
	flock $lock, LOCK_EX or die "lock: $!\n";
}

# Where Debian has monitoring plugins.
sub plugin_dir {
	return '/usr/lib/nagios/plugins';
}

# at_end($sub): calls it when the test ends, last first.
sub at_end {
	push @undo, @_;
}

sub _make_dir {
	my ($dir) = @_;
	return if -d $dir;
	_make_dir(dirname($dir));
	mkdir $dir or die "$dir: $!\n";
	at_end(sub { run('rm', '-rf', $dir) });
}

# hide($file): it is not there until the test ends.
sub hide {
	my ($file) = @_;
	my $aside = dirname($file) . '/.' . basename($file) . '.mq';
	rename $file, $aside or die "$file: $!\n";
	at_end(sub { rename $aside, $file });
}

# put($target, $text, %opt): writes a file. Options: mode, owner (a user).
sub put {
	my ($target, $text, %opt) = @_;
	die "need('lab') first\n" if !defined $ENV{MQ_SCRATCH};
	_make_dir(dirname($target));
	hide($target) if -e $target;
	spew($target, $text);
	at_end(sub { unlink $target });
	chmod $opt{mode} // 0644, $target;
	chown((getpwnam $opt{owner})[2, 3], $target) if $opt{owner};
}

# put_link($place, $target): a symbolic link.
sub put_link {
	my ($place, $target) = @_;
	_make_dir(dirname($place));
	symlink $target, $place or die "$place: $!\n";
	at_end(sub { unlink $place });
}

# install($source, $target, $edit): a file of the source tree as a user would
# install it; $edit is a sub that changes the text in $_.
sub install {
	my ($source, $target, $edit) = @_;
	$source = srcdir() . "/$source" if $source !~ m{^/};
	local $_ = slurp($source);
	$edit->() if $edit;
	put($target, $_, mode => -x $source ? 0755 : 0644);
}

# A command that must succeed; returns its output.
sub run_ok {
	my @command = @_;
	my $r = run(@command);
	die "@command: $r->{code} $r->{out}$r->{err}\n"
	    if $r->{code} || $r->{signal};
	return $r->{out};
}

# Both plugins, as README says: installed, with a directory for the history,
# and the user of the monitor in the group that may read the queues.
sub install_plugins {
	my ($user) = @_;
	install(program($_), plugin_dir() . "/$_")
	    for qw(check_mqueue check_relayflood);
	my ($dir) = plugin('--help')->{out} =~
	    /\(MP_STATE_PATH, else\s+(\S+)\)/;
	_make_dir(dirname($dir));
	run_ok('install', '-d', '-o', $user, $dir);
	at_end(sub { run('rm', '-rf', $dir) });
	give_access($user);
}

# README, Read access for the monitor.
sub give_access {
	my ($user) = @_;
	run_ok('usermod', '-a', '-G', 'smmsp', $user);
	at_end(sub { run('gpasswd', '-d', $user, 'smmsp') });
}

# A sendmail that takes mail into the incoming queue of MailScanner, which is
# where the plugins look for it. Its group may read the files, as in Debian's
# own configuration.
sub mail_server {
	my $dir = '/var/spool/mqueue.in';
	my $work = tempdir();
	mkdir $dir or die "$dir: $!\n";
	at_end(sub { run('rm', '-rf', $dir) });
	chown(0, (getgrnam 'smmsp')[2], $dir);
	chmod 02750, $dir;
	return MQ::Sendmail->new(dir => "$work/sendmail", queue => $dir,
	    mc => "define(`confQUEUE_FILE_MODE', `0640')dnl")->start;
}

# One more client for MQ::Sendmail: an address of this host, and its name.
sub add_client {
	my ($address, $name) = @_;
	put('/etc/hosts', slurp('/etc/hosts'));
	MQ::Sendmail::add_address($address, $name);
	at_end(sub { run('ip', 'address', 'del', $address, 'dev', 'lo') });
}

# mqreport by a real inetd, on loopback and its own port, as the user of the
# monitor.
sub report_server {
	my $work = tempdir();
	spew("$work/inetd.conf", '127.0.0.1:5119 stream tcp nowait.600 nagios ',
	    program('mqreport'), " mqreport --relays 20\n");
	return server({ready => sub { listeners(5119) }}, '/usr/sbin/inetd',
	    '-i', "$work/inetd.conf");
}

# A port of loopback that is free now.
sub free_port {
	my $probe = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
	    Listen => 1) or die "no free port: $@\n";
	return $probe->sockport;
}

# server([\%opt,] COMMAND, ARGUMENT...): starts it in the foreground, as a
# process group of its own, and waits until it is ready. Options:
#     ready    a sub that returns true when it is (default: at once)
#     log      a file for what it prints
# Returns an object for stop_server.
sub server {
	my $opt = ref $_[0] ? shift : {};
	my @command = @_;
	my $log = $opt->{log} // tempdir() . '/' . basename($command[0]);
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		setpgrp;
		open STDIN, '<', '/dev/null' or POSIX::_exit(126);
		open STDOUT, '>', $log or POSIX::_exit(126);
		open STDERR, '>&', \*STDOUT or POSIX::_exit(126);
		exec { $command[0] } @command or POSIX::_exit(127);
	}
	my $self = {pid => $pid, log => $log};
	push @servers, $self;
	my $ready = $opt->{ready} // sub { 1 };
	eval { wait_for(sub {
		waitpid($pid, POSIX::WNOHANG()) == 0 or die "it ended\n";
		return $ready->();
	}, 'it to be ready'); 1 } or die "$command[0]: $@", slurp($log);
	return $self;
}

# NRPE with Debian's configuration and our sample, on loopback.
sub nrpe_server {
	my $work = tempdir();
	install('contrib/nrpe/mqueue.cfg', '/etc/nagios/nrpe.d/mqueue.cfg');
	_make_dir('/run/nagios');
	my $cfg = slurp('/etc/nagios/nrpe.cfg') =~
	    s{^pid_file=.*}{pid_file=$work/nrpe.pid}mr;
	spew("$work/nrpe.cfg", $cfg, "server_address=127.0.0.1\n");
	chown((getpwnam 'nagios')[2, 3], $work);
	return server({ready => sub {
		grep { /^127.0.0.1$/ } listeners(5666)
	}}, '/usr/sbin/nrpe', '-c', "$work/nrpe.cfg", '-f');
}

# SIGTERM, and SIGKILL to all of its group if that is not enough.
sub stop_server {
	my ($self) = @_;
	local $?;
	kill 'TERM', $self->{pid};
	my $gone = eval {
		wait_for(sub {
			waitpid($self->{pid}, POSIX::WNOHANG()) != 0
		}, 'the end of it');
	};
	kill 'KILL', -$self->{pid};
	waitpid $self->{pid}, 0 if !$gone;
	@servers = grep { $_ != $self } @servers;
	return $gone;
}

# listeners([$port]): the addresses that something in the lab listens on.
sub listeners {
	my ($port) = @_;
	my @local = map { (split ' ', $_)[4] } split /\n/,
	    run_ok('ss', '-Htuln');
	@local = grep { /:$port$/ } @local if defined $port;
	my %address = map { s/:\d+$//r => 1 } @local;
	my @address = sort keys %address;
	return @address;
}

# The addresses of listeners that are not of the loopback network: none.
sub exposed {
	return grep { !/^127\.|^\[::1\]$/ } listeners();
}

sub _pids {
	return map { m{(\d+)} } glob '/proc/[0-9]*';
}

sub _parent {
	my ($pid) = @_;
	my $stat = eval { slurp("/proc/$pid/stat") } // '';
	return $stat =~ /\) \S (\d+)/ ? $1 : 0;
}

sub stop_servers {
	my @all = reverse @servers;
	stop_server($_) for @all;
}

# Processes that this test has left: its children, and orphans that were not
# there before. A process that ends gets a moment for it.
sub leftovers {
	my @left;
	eval { wait_for(sub {
		@left = grep {
			my $parent = _parent($_);
			$parent == $$ || ($parent == 1 && !$orphan_before{$_})
		} _pids();
		return !@left;
	}, 'all processes to end') };
	return map {
		my $pid = $_;
		eval { slurp("/proc/$pid/cmdline") =~ tr/\0/ /r } // $pid
	} @left;
}

END {
	if ($owner == $$) {
		local $?;
		stop_servers();
		$_->() for reverse @undo;
	}
}

1;
