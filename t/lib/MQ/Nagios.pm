# SPDX-License-Identifier: GPL-3.0-or-later
# Nagios.pm - a real Nagios in the lab: Debian's configuration, its own files
#
# It reads the objects that Debian's nagios.cfg names, keeps all that it writes
# in a directory of its own, has no patience and sends no mail.
package MQ::Nagios;
use strict;
use warnings;

use MQ;
use MQ::Lab;

# new(dir => DIR, change => {NAME => VALUE}, add => TEXT): configures it below
# DIR, with other values in nagios.cfg and more lines at its end.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {dir => $opt{dir}, cfg => "$opt{dir}/nagios.cfg",
	    fifo => "$opt{dir}/rw/nagios.cmd"}, $class;
	my @dirs = map { "$opt{dir}/$_" }
	    qw(rw spool spool/checkresults log log/archives);
	-d or mkdir or die "$_: $!\n" for $opt{dir}, @dirs;
	chown((getpwnam 'nagios')[2, 3], $_) for $opt{dir}, @dirs;
	local $_ = slurp('/etc/nagios4/nagios.cfg');
	s{/var/log/nagios4}{$opt{dir}/log}g;
	s{/var/run/nagios4}{$opt{dir}}g;
	my %change = (check_for_updates => 0, use_syslog => 0,
	    status_update_interval => 1, check_result_reaper_frequency => 1,
	    enable_notifications => 0, %{$opt{change} // {}});
	for my $name (sort keys %change) {
		s/^\Q$name\E=.*/$name=$change{$name}/m
		    or die "no $name in nagios.cfg\n";
	}
	$_ .= $opt{add} // '';
	s{/var/lib/nagios4}{$opt{dir}}g;
	spew($self->{cfg}, $_);
	return $self;
}

sub start {
	my ($self) = @_;
	$self->{server} = server({ready => sub {
		-p $self->{fifo} && -e "$self->{dir}/status.dat"
	}}, '/usr/sbin/nagios4', $self->{cfg});
	return $self;
}

# Returns whether it ended by itself.
sub stop {
	my ($self) = @_;
	return stop_server($self->{server});
}

# The servicestatus block of status.dat, as a hash.
sub status {
	my ($self, $host, $service) = @_;
	my $text = eval { slurp("$self->{dir}/status.dat") } // return {};
	for my $block ($text =~ /^servicestatus \{\n(.*?)^\t\}/msg) {
		my %value = $block =~ /^\t(\w+)=(.*)$/mg;
		return \%value if $value{host_name} eq $host
		    && $value{service_description} eq $service;
	}
	return {};
}

# next_status($host, $service, $sub): waits for a second in which the service
# was not checked yet, calls the sub, and returns the status after it.
sub next_status {
	my ($self, $host, $service, $sub) = @_;
	my $before = $self->status($host, $service)->{last_check} // 0;
	wait_for(sub { time > $before }, 'the next second');
	$sub->();
	return wait_for(sub {
		my $status = $self->status($host, $service);
		return ($status->{last_check} // 0) > $before && $status;
	}, "the result of $service on $host");
}

# Has it checked now.
sub checked {
	my ($self, $host, $service) = @_;
	return $self->next_status($host, $service, sub {
		my $now = time;
		spew($self->{fifo}, "[$now] SCHEDULE_FORCED_SVC_CHECK;$host;"
		    . "$service;$now\n");
	});
}

1;
